import RelayModel
import WireCodec

// JSON into memory whose size is set before. `JSONWriter` grows its array and asks for room at every piece; here an
// event is some eighty pieces, and asking for room once for all of them takes half the time.
//
// Invariant: what does not fit fills the memory up, so that a span with room left at the end holds everything.
extension OutputSpan<UInt8> {
    mutating func beginObject() { open(UInt8(ascii: "{")) }

    mutating func endObject() { put(UInt8(ascii: "}")) }

    mutating func beginArray() { open(UInt8(ascii: "[")) }

    mutating func endArray() { put(UInt8(ascii: "]")) }

    /// Writes a member's key, which needs no escaping; its value follows.
    mutating func key(_ name: StaticString) {
        // A static string's bytes live as long as the program.
        quote(unsafe Span(_unsafeStart: name.utf8Start, count: name.utf8CodeUnitCount), isKey: true)
    }

    /// Writes a text that needs no escaping.
    mutating func string(_ text: StaticString) {
        // As above.
        quote(unsafe Span(_unsafeStart: text.utf8Start, count: text.utf8CodeUnitCount), isKey: false)
    }

    mutating func string(_ text: Span<UInt8>) {
        if isPlain(text) { quote(text, isKey: false) } else { escapedString(text) }
    }

    mutating func integer(_ value: Int64) {
        var digits: [20 of UInt8] = .init(repeating: UInt8(ascii: "-"))
        var start = digits.count
        var rest = value.magnitude
        repeat {
            start -= 1
            digits[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        if value < 0 { start -= 1 }
        raw(digits.span.extracting(start..<digits.count))
    }

    mutating func bool(_ value: Bool) { raw((value ? "true" : "false").utf8Span.span) }

    /// Writes finished JSON.
    mutating func raw(_ json: Span<UInt8>) { write(json, before: nil, behind: nil, nil) }

    /// Writes a digest as a string of 64 lower-case hex digits.
    mutating func hash(_ digest: HashedValue) {
        write(HexDigits(digest).words.span, before: UInt8(ascii: "\""), behind: UInt8(ascii: "\""), nil)
    }

    private mutating func escapedString(_ text: Span<UInt8>) {
        var writer = JSONWriter()
        writer.string(text)
        raw(writer.bytes.span)
    }

    private mutating func quote(_ text: Span<UInt8>, isKey: Bool) {
        write(
            text, before: UInt8(ascii: "\""), behind: UInt8(ascii: "\""), isKey ? UInt8(ascii: ":") : nil)
    }

    private mutating func open(_ mark: UInt8) {
        if isCommaDue { put(UInt8(ascii: ",")) }
        put(mark)
    }

    /// A comma stands before a value or key that is not the first of its container and not behind a key.
    @inline(__always)
    private var isCommaDue: Bool {
        guard count > 0 else { return false }
        switch self[count - 1] {
        case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: ":"): return false
        default: return true
        }
    }

    @inline(__always)
    private mutating func put(_ byte: UInt8) {
        if freeCapacity > 0 { append(byte) }
    }

    /// Writes a comma where one is due, and memory between marks, as one piece.
    @inline(__always)
    private mutating func write(
        _ memory: Span<some BitwiseCopyable>, before: UInt8?, behind: UInt8?, _ last: UInt8?
    ) {
        guard byteCount(memory) + 4 <= freeCapacity else {
            return append(repeating: 0, count: freeCapacity)
        }
        if isCommaDue { append(UInt8(ascii: ",")) }
        if let before { append(before) }
        // Within the capacity, as just checked; the pointers stay within the closures.
        unsafe memory.withUnsafeBytes { source in
            unsafe withUnsafeMutableBufferPointer { target, used in
                guard let from = source.baseAddress, let to = target.baseAddress else { return }
                unsafe UnsafeMutableRawPointer(to + used).copyMemory(from: from, byteCount: source.count)
                used += source.count
            }
        }
        if let behind { append(behind) }
        if let last { append(last) }
    }

    private func byteCount<Value>(_ memory: Span<Value>) -> Int { memory.count * MemoryLayout<Value>.stride }

    /// True when the text is ASCII that JSON takes as it is.
    private func isPlain(_ text: Span<UInt8>) -> Bool {
        // No early end: so the loop runs on many bytes at once.
        var marks: UInt8 = 0
        for index in text.indices {
            let byte = text[index]
            marks |=
                byte & 0x80 | (byte < 0x20 ? 1 : 0) | (byte == UInt8(ascii: "\"") ? 1 : 0)
                | (byte == UInt8(ascii: "\\") ? 1 : 0)
        }
        return marks == 0
    }
}

/// A digest's 64 lower-case hex digits, as they lie in memory.
private struct HexDigits {
    let words: [8 of UInt64]

    init(_ digest: HashedValue) {
        let (a, b, c, d) = digest.words
        words = [
            Self.high(a), Self.low(a), Self.high(b), Self.low(b), Self.high(c), Self.low(c), Self.high(d), Self.low(d),
        ]
    }

    @inline(__always)
    private static func high(_ word: UInt64) -> UInt64 { digits(of: UInt32(truncatingIfNeeded: word >> 32)).bigEndian }

    @inline(__always)
    private static func low(_ word: UInt64) -> UInt64 { digits(of: UInt32(truncatingIfNeeded: word)).bigEndian }

    /// Eight digits at once: each nibble is spread to a byte of its own, then lifted to its digit.
    @inline(__always)
    private static func digits(of half: UInt32) -> UInt64 {
        var spread = UInt64(half)
        spread = (spread | spread << 16) & 0x0000_FFFF_0000_FFFF
        spread = (spread | spread << 8) & 0x00FF_00FF_00FF_00FF
        spread = (spread | spread << 4) & 0x0F0F_0F0F_0F0F_0F0F
        let isLetter = (spread &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        return spread &+ 0x3030_3030_3030_3030 &+ isLetter &* 39
    }
}
