// WireCodec: the byte formats of the wire, in and out: a JSON writer, query strings, percent escapes, cookies, Base64.
// It knows nothing of events and touches nothing but bytes and `EventTape` texts.
//
// Invariants: every function is total; what cannot be decoded is kept literally, and every text that is put onto a tape
// or into JSON is well-formed UTF-8.
import RelayModel

/// Writes compact JSON into a byte array. The caller opens and closes containers in order; commas are set here.
///
/// Texts are escaped as JSON demands, and bytes that are not UTF-8 become U+FFFD, so the output is always valid JSON.
public struct JSONWriter: Sendable {
    /// What was written so far.
    public private(set) var bytes: [UInt8] = []
    private var needsComma = false

    public init(reserving capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    /// Hands out what was written and starts anew.
    public mutating func take() -> [UInt8] {
        defer { self = JSONWriter() }
        return bytes
    }

    /// Forgets what was written and keeps the memory.
    public mutating func reset() {
        bytes.removeAll(keepingCapacity: true)
        needsComma = false
    }

    public mutating func beginObject() { open(UInt8(ascii: "{")) }
    public mutating func endObject() { close(UInt8(ascii: "}")) }
    public mutating func beginArray() { open(UInt8(ascii: "[")) }
    public mutating func endArray() { close(UInt8(ascii: "]")) }

    /// Writes a member's key, which needs no escaping; its value follows.
    public mutating func key(_ name: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        appendStatic(name)
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    public mutating func key(_ name: Span<UInt8>) {
        separate()
        appendQuoted(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    public mutating func string(_ text: Span<UInt8>) {
        separate()
        appendQuoted(text)
    }

    public mutating func string(_ text: ArraySlice<UInt8>) { string(text.span) }

    /// Writes a text that needs no escaping.
    public mutating func string(_ text: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        appendStatic(text)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes a `String`; for answers and errors, not for the event path.
    public mutating func string(_ text: String) { string(Array(text.utf8).span) }

    public mutating func integer(_ value: Int64) {
        separate()
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        appendDecimal(value.magnitude)
    }

    public mutating func bool(_ value: Bool) {
        separate()
        appendStatic(value ? "true" : "false")
    }

    public mutating func null() {
        separate()
        appendStatic("null")
    }

    /// Writes a finished JSON value: a number's text, or an object that was written before.
    public mutating func raw(_ json: Span<UInt8>) {
        separate()
        bytes.append(copying: json)
    }

    public mutating func raw(_ json: ArraySlice<UInt8>) { raw(json.span) }

    private mutating func open(_ byte: UInt8) {
        separate()
        bytes.append(byte)
        needsComma = false
    }

    private mutating func close(_ byte: UInt8) {
        bytes.append(byte)
        needsComma = true
    }

    /// Sets the comma before a value or key that is not the first; what follows is one value.
    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func appendStatic(_ text: StaticString) {
        text.withBytes { bytes.append(copying: $0) }
    }

    private mutating func appendDecimal(_ value: UInt64) {
        var digits: [20 of UInt8] = .init(repeating: 0)
        var rest = value
        var start = 20
        repeat {
            start -= 1
            digits[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        bytes.append(copying: digits.span.extracting(start..<20))
    }

    private mutating func appendQuoted(_ text: Span<UInt8>) {
        bytes.append(UInt8(ascii: "\""))
        var copied = 0
        var index = 0
        while index < text.count {
            index += text.unmarkedLength(from: index) {
                $0.wide | $0.below(0x20) | $0.equal(to: UInt8(ascii: "\"")) | $0.equal(to: UInt8(ascii: "\\"))
            }
            guard index < text.count else { break }
            let length = text.plainLength(at: index)
            if length > 0 {
                index += length
                continue
            }
            bytes.append(copying: text.extracting(copied..<index))
            appendEscape(text[index])
            index += 1
            copied = index
        }
        bytes.append(copying: text.extracting(copied..<index))
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func appendEscape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): appendStatic("\\\"")
        case UInt8(ascii: "\\"): appendStatic("\\\\")
        case UInt8(ascii: "\n"): appendStatic("\\n")
        case UInt8(ascii: "\r"): appendStatic("\\r")
        case UInt8(ascii: "\t"): appendStatic("\\t")
        case 0x08: appendStatic("\\b")
        case 0x0C: appendStatic("\\f")
        case 0..<0x20:
            appendStatic("\\u00")
            bytes.append(lowerHex(byte >> 4))
            bytes.append(lowerHex(byte & 15))
        default: appendStatic("\u{FFFD}")
        }
    }
}

extension Span<UInt8> {
    /// How many bytes from `index` on stand in JSON as they are; 0 where an escape is needed or UTF-8 is broken.
    @inline(__always)
    fileprivate func plainLength(at index: Int) -> Int {
        let byte = self[index]
        if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return 0 }
        return byte < 0x80 ? 1 : utf8SequenceLength(at: index)
    }
}
