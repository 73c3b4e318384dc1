import RelayModel
import WireCodec

/// One parameter of a hit, decoded.
struct GA4Parameter {
    let key: TextRef
    let value: TextRef
    let place: GA4Place
    /// A hash of the key, so that equal keys are found without comparing all bytes.
    let keyHash: UInt64
}

/// The parameters of one event: those of the query, with a body line's own put over them. A repeated key's last value
/// counts.
struct GA4WirePayload {
    private(set) var parameters: [GA4Parameter] = []
    private var shared: [GA4Parameter] = []

    /// Starts a call: reads the query, which may be wrapped whole in one Base64 value.
    mutating func readQuery(
        _ query: TextRef, on tape: inout EventTape, limits: GA4WireLimits
    ) throws(IntakeFault) {
        parameters.removeAll(keepingCapacity: true)
        try read(query, on: &tape, limits)
        if !holds("tid", on: tape), let wrapped = unwrapped(on: &tape) {
            parameters.removeAll(keepingCapacity: true)
            try read(wrapped, on: &tape, limits)
        }
        share()
    }

    /// Goes on to the query that stands as the first line of a wrapped body (`ga4-wire.md` 1.3).
    mutating func readWrappedQuery(
        _ query: TextRef, on tape: inout EventTape, limits: GA4WireLimits
    ) throws(IntakeFault) {
        try read(query, on: &tape, limits)
        share()
    }

    /// What was read so far belongs to every event of the call.
    private mutating func share() {
        shared.removeAll(keepingCapacity: true)
        shared.append(contentsOf: parameters)
    }

    /// Goes on to the event of a body line.
    mutating func readLine(_ line: TextRef, on tape: inout EventTape, limits: GA4WireLimits) throws(IntakeFault) {
        parameters.removeAll(keepingCapacity: true)
        parameters.append(contentsOf: shared)
        try read(line, on: &tape, limits)
    }

    /// The value of a parameter; absent without one.
    func value(_ key: StaticString, on tape: borrowing EventTape) -> TextRef {
        for parameter in parameters where tape.matches(parameter.key, key) { return parameter.value }
        return .none
    }

    /// Whether a parameter is there, with or without a value.
    func holds(_ key: StaticString, on tape: borrowing EventTape) -> Bool {
        parameters.contains { tape.matches($0.key, key) }
    }

    private mutating func read(
        _ query: TextRef, on tape: inout EventTape, _ limits: GA4WireLimits
    ) throws(IntakeFault) {
        var scanner = QueryScanner(query)
        while let pair = scanner.next(on: tape) {
            let key = tape.percentDecoded(pair.key)
            guard !key.isEmpty else { continue }
            let parameter = GA4Parameter(
                key: key, value: tape.percentDecoded(pair.value),
                place: GA4Place(key, on: tape, itemCount: limits.itemCount),
                keyHash: fingerprint(tape.text.span.extracting(key.range)))
            put(parameter, on: tape)
            guard parameters.count <= limits.parameterCount else { throw .tooManyParameters }
        }
    }

    private mutating func put(_ parameter: GA4Parameter, on tape: borrowing EventTape) {
        for index in parameters.indices where parameters[index].keyHash == parameter.keyHash {
            guard tape[parameters[index].key] == tape[parameter.key] else { continue }
            parameters[index] = parameter
            return
        }
        parameters.append(parameter)
    }

    /// Third-party loaders send one parameter of any name whose value is Base64 of `/g/collect?...`. A `+` that was not
    /// escaped has become a space by now.
    private func unwrapped(on tape: inout EventTape) -> TextRef? {
        guard parameters.count == 1, let only = parameters.first, only.value.count >= 16 else { return nil }
        let text = tape[only.value].map { $0 == UInt8(ascii: " ") ? UInt8(ascii: "+") : $0 }
        guard let decoded = Base64.decode(text[...]), decoded.span.starts(with: wrappedPath) else { return nil }
        return tape.append(decoded.dropFirst(wrappedPath.utf8CodeUnitCount))
    }
}

/// What a wrapped query begins with.
private let wrappedPath: StaticString = "/g/collect?"

/// FNV-1a, 64 bits.
func fingerprint(_ bytes: Span<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for index in bytes.indices { hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01B3 }
    return hash
}

/// Walks the lines of a hit's body: CRLF or LF, blank lines passed over. A JSON text is no list of events.
struct GA4BodyLines {
    private var rest: Range<Int>
    private let isJSON: Bool

    init(_ body: TextRef, on tape: borrowing EventTape) {
        let first = tape[body].first { !isBlank($0) }
        isJSON = first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
        rest = body.range
    }

    /// The query of a first line that is a whole `/g/collect?...`, and takes that line off.
    mutating func takeWrappedQuery(on tape: borrowing EventTape) -> TextRef? {
        var behind = self
        guard let line = behind.next(on: tape) else { return nil }
        guard tape.text.span.extracting(line.range).starts(with: wrappedPath) else { return nil }
        self = behind
        return line.part(wrappedPath.utf8CodeUnitCount..<Int(line.count))
    }

    mutating func next(on tape: borrowing EventTape) -> TextRef? {
        guard !isJSON else { return nil }
        let bytes = tape.text.span
        while rest.lowerBound < rest.upperBound {
            var start = rest.lowerBound
            var end = start
            while end < rest.upperBound, bytes[end] != UInt8(ascii: "\n") { end += 1 }
            rest = min(end + 1, rest.upperBound)..<rest.upperBound
            while start < end, isBlank(bytes[start]) { start += 1 }
            while start < end, isBlank(bytes[end - 1]) { end -= 1 }
            if start < end { return TextRef(start: UInt32(start), count: UInt32(end - start)) }
        }
        return nil
    }
}

private func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n")
}
