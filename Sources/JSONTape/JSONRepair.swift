import RelayModel

/// The second chance for JSON with a value that simdjson does not take. Only values change, never the structure:
/// * a number beyond 64 bits, or with an exponent beyond a double, becomes a string of the same digits;
/// * half a surrogate pair (`\ud83d` alone, as JavaScript writes a cut emoji) becomes U+FFFD;
/// * bytes that are not UTF-8 become U+FFFD.
enum JSONRepair {
    /// - Returns: the repaired document; nil when there was nothing to repair.
    static func repaired(_ bytes: Span<UInt8>) -> [UInt8]? {
        var pass = RepairPass(capacity: bytes.count + 64)
        var index = 0
        while index < bytes.count {
            index = pass.isInString ? pass.stringByte(bytes, at: index) : pass.plainByte(bytes, at: index)
        }
        return pass.didRepair ? pass.output : nil
    }
}

private struct RepairPass {
    private(set) var output: [UInt8] = []
    private(set) var isInString = false
    private(set) var didRepair = false

    init(capacity: Int) { output.reserveCapacity(capacity) }

    /// Copies what stands outside strings.
    /// - Returns: the index behind it.
    mutating func plainByte(_ bytes: Span<UInt8>, at index: Int) -> Int {
        let byte = bytes[index]
        if byte == UInt8(ascii: "-") || isDigit(byte) { return number(bytes, at: index) }
        if byte == UInt8(ascii: "\"") { isInString = true }
        output.append(byte)
        return index + 1
    }

    private mutating func number(_ bytes: Span<UInt8>, at start: Int) -> Int {
        var end = start
        while end < bytes.count, isNumberByte(bytes[end]) { end += 1 }
        let isWide = NumberShape(bytes.extracting(start..<end)) != .none && mayOverflow(bytes, start..<end)
        if isWide { output.append(UInt8(ascii: "\"")) }
        for index in start..<end { output.append(bytes[index]) }
        if isWide { output.append(UInt8(ascii: "\"")) }
        didRepair = didRepair || isWide
        return end
    }

    /// Copies the next piece of a string.
    /// - Returns: the index behind it.
    mutating func stringByte(_ bytes: Span<UInt8>, at index: Int) -> Int {
        let byte = bytes[index]
        switch byte {
        case UInt8(ascii: "\\"): return escape(bytes, at: index)
        case UInt8(ascii: "\""): isInString = false
        case 0x80...: return wide(bytes, at: index)
        default: break
        }
        output.append(byte)
        return index + 1
    }

    private mutating func escape(_ bytes: Span<UInt8>, at index: Int) -> Int {
        guard let unit = codeUnit(bytes, at: index) else { return copy(bytes, index, min(2, bytes.count - index)) }
        let isHigh = unit & 0xFC00 == 0xD800
        if isHigh, let low = codeUnit(bytes, at: index + 6), low & 0xFC00 == 0xDC00 { return copy(bytes, index, 12) }
        guard isHigh || unit & 0xFC00 == 0xDC00 else { return copy(bytes, index, 6) }
        appendReplacement()
        return index + 6
    }

    private mutating func wide(_ bytes: Span<UInt8>, at index: Int) -> Int {
        let length = bytes.utf8SequenceLength(at: index)
        if length > 0 { return copy(bytes, index, length) }
        appendReplacement()
        return index + 1
    }

    private mutating func copy(_ bytes: Span<UInt8>, _ index: Int, _ count: Int) -> Int {
        for offset in index..<index + count { output.append(bytes[offset]) }
        return index + count
    }

    private mutating func appendReplacement() {
        output.append(contentsOf: [0xEF, 0xBF, 0xBD])
        didRepair = true
    }
}

private func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

private func isNumberByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): true
    default: isDigit(byte)
    }
}

/// The code unit of the escape `\uXXXX` that starts at `index`; nil when there is none.
private func codeUnit(_ bytes: Span<UInt8>, at index: Int) -> UInt32? {
    guard bytes.count - index >= 6, bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u") else {
        return nil
    }
    var unit: UInt32 = 0
    for offset in 2..<6 {
        guard let digit = Character(Unicode.Scalar(bytes[index + offset])).hexDigitValue else { return nil }
        unit = unit << 4 | UInt32(digit)
    }
    return unit
}

/// Every number of fewer than 19 digits and a short exponent fits; the others may not.
private func mayOverflow(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    var digits = 0
    for index in range {
        if bytes[index] | 0x20 == UInt8(ascii: "e") { return range.upperBound - index > 3 }
        digits += 1
    }
    return digits >= 19
}
