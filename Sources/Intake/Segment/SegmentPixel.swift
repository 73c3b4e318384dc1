import RelayModel
import WireCodec

/// RudderStack's pixel call: an event as query parameters (`segment-api.md` 2).
///
/// A dotted key is a path, as RudderStack reads it: `properties.revenue=9.5`, `context.page.url=...`. A key without dot
/// is a member of the event where Segment's spec has one of this name, and a property else. All values are texts. Of
/// repeated keys the first one counts, and a value gives way to the object that other keys make of it.
struct SegmentPixel {
    /// Paths are followed so deep; what lies deeper is left out.
    private static let maximumDepth = 8
    private static let eventMembers: [StaticString] = [
        "anonymousId", "userId", "event", "name", "category", "messageId", "timestamp", "originalTimestamp", "sentAt",
        "channel", "type",
    ]
    /// What is said to the relay and not of the event.
    private static let callMembers: [StaticString] = ["writeKey", "results"]

    private struct Parameter {
        /// What the object at hand does not have behind it of the path.
        let path: TextRef
        /// The path's first part: the name of a member of that object.
        let name: TextRef
        let value: TextRef

        init(_ path: TextRef, _ value: TextRef, on tape: borrowing EventTape) {
            self.path = path
            self.value = value
            name = path.part(0..<tape[path].prefix { $0 != UInt8(ascii: ".") }.count)
        }

        /// The parameter as a member of the object called `name`; nil when it is that object's own value.
        func inside(on tape: borrowing EventTape) -> Parameter? {
            let start = Int(name.count) + 1
            guard start < Int(path.count) else { return nil }
            return Parameter(path.part(start..<Int(path.count)), value, on: tape)
        }
    }

    private let parameters: [Parameter]

    init(_ query: TextRef, limits: SegmentLimits, on tape: inout EventTape) throws(IntakeFault) {
        var parameters: [Parameter] = []
        var scanner = QueryScanner(query)
        while let pair = scanner.next(on: tape) {
            guard parameters.count < limits.pixelParameterCount else { throw .tooManyParameters }
            let key = tape.percentDecoded(pair.key)
            guard !key.isEmpty, !Self.callMembers.contains(where: { tape.matches(key, $0) }) else { continue }
            let value = tape.percentDecoded(pair.value)
            parameters.append(Parameter(Self.path(of: key, on: &tape), value, on: tape))
        }
        self.parameters = parameters
    }

    /// Writes the event.
    func writeEvent(to tape: inout EventTape) -> TapeNode { Self.write(parameters, depth: 1, to: &tape) }

    private static func path(of key: TextRef, on tape: inout EventTape) -> TextRef {
        if tape[key].contains(UInt8(ascii: ".")) || eventMembers.contains(where: { tape.matches(key, $0) }) {
            return key
        }
        return tape.append { text in
            text.append(contentsOf: "properties.".utf8)
            text.append(copyingOwn: key.range)
        }
    }

    /// Writes an object of parameters: each name once, in the order of its first one.
    @discardableResult
    private static func write(_ parameters: [Parameter], depth: Int, to tape: inout EventTape) -> TapeNode {
        let object = tape.openObject()
        for (index, parameter) in parameters.enumerated() {
            let name = parameter.name
            let isWritten = parameters[..<index].contains { tape[$0.name] == tape[name] }
            guard !isWritten, !name.isEmpty else { continue }
            var inner: [Parameter] = []
            for other in parameters[index...] where tape[other.name] == tape[name] {
                if let member = other.inside(on: tape) { inner.append(member) }
            }
            if inner.isEmpty {
                tape.key(name)
                tape.string(parameter.value)
            } else if depth < maximumDepth {
                tape.key(name)
                write(inner, depth: depth + 1, to: &tape)
            }
        }
        tape.close()
        return object
    }
}
