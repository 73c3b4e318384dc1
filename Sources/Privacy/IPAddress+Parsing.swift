// Address text, byte by byte. Every function is total over arbitrary bytes.
extension IPAddress {
    /// `203.0.113.9`; nil for every other text.
    static func dottedQuad(_ text: Span<UInt8>) -> UInt32? {
        guard text.count >= 7, text.count <= 15 else { return nil }
        var address: UInt32 = 0
        var position = 0
        for part in 0..<4 {
            if part > 0 {
                guard position < text.count, text[position] == UInt8(ascii: ".") else { return nil }
                position += 1
            }
            guard let value = decimalPart(text, &position) else { return nil }
            address = address << 8 | value
        }
        return position == text.count ? address : nil
    }

    /// 0 to 255 without leading zeros.
    private static func decimalPart(_ text: Span<UInt8>, _ position: inout Int) -> UInt32? {
        let start = position
        var value: UInt32 = 0
        while position < text.count, position - start < 3, ASCII.isDigit(text[position]) {
            value = value * 10 + UInt32(text[position] - 0x30)
            position += 1
        }
        let hasLeadingZero = position - start > 1 && text[start] == 0x30
        return position > start && value <= 255 && !hasLeadingZero ? value : nil
    }

    /// `2001:db8::9`, `::ffff:203.0.113.9`; nil for every other text.
    static func colonGroups(_ text: Span<UInt8>) -> (high: UInt64, low: UInt64)? {
        guard text.count >= 2, text.count <= 45 else { return nil }
        var reader = ColonGroupReader()
        guard reader.read(text) else { return nil }
        return reader.address
    }
}

/// Collects up to eight 16-bit groups, and where `::` stands among them.
private struct ColonGroupReader {
    private var groups: [8 of UInt64] = [0, 0, 0, 0, 0, 0, 0, 0]
    private var count = 0
    private var gap: Int?
    private var position = 0

    mutating func read(_ text: Span<UInt8>) -> Bool {
        if text[0] == UInt8(ascii: ":") {
            guard readGap(text) else { return false }
        }
        while position < text.count {
            guard count < 8, readPart(text) else { return false }
            guard position < text.count else { break }
            guard text[position] == UInt8(ascii: ":") else { return false }
            if !readGap(text) {
                position += 1
                guard position < text.count else { return false }
            }
        }
        return gap == nil ? count == 8 : count < 8
    }

    /// `::`, once.
    private mutating func readGap(_ text: Span<UInt8>) -> Bool {
        guard gap == nil, position + 1 < text.count, text[position] == UInt8(ascii: ":"),
            text[position + 1] == UInt8(ascii: ":")
        else { return false }
        gap = count
        position += 2
        return true
    }

    /// One hex group, or the dotted quad that ends an address.
    private mutating func readPart(_ text: Span<UInt8>) -> Bool {
        if count <= 6, let quad = IPAddress.dottedQuad(text.extracting(position..<text.count)) {
            groups[count] = UInt64(quad >> 16)
            groups[count + 1] = UInt64(quad & 0xFFFF)
            count += 2
            position = text.count
            return true
        }
        let start = position
        var value: UInt64 = 0
        while position < text.count, position - start < 4, let digit = ASCII.hexValue(text[position]) {
            value = value << 4 | UInt64(digit)
            position += 1
        }
        guard position > start else { return false }
        groups[count] = value
        count += 1
        return true
    }

    /// The groups with zeros in the gap.
    var address: (high: UInt64, low: UInt64) {
        var words: [8 of UInt64] = [0, 0, 0, 0, 0, 0, 0, 0]
        let behindGap = count - (gap ?? count)
        for index in 0..<count - behindGap { words[index] = groups[index] }
        for index in 0..<behindGap { words[8 - behindGap + index] = groups[count - behindGap + index] }
        return (
            words[0] << 48 | words[1] << 32 | words[2] << 16 | words[3],
            words[4] << 48 | words[5] << 32 | words[6] << 16 | words[7]
        )
    }
}
