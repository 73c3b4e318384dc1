public import RelayModel

/// Percent escapes as they stand in queries and form bodies.
public enum PercentDecoder {
    /// Appends the decoded bytes to `output`. `%XX` gives its byte, `+` a space; a broken escape stays as it is.
    public static func append(_ bytes: Span<UInt8>, plusIsSpace: Bool = true, to output: inout [UInt8]) {
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "%"), index + 2 < bytes.count,
                let high = hexValue(bytes[index + 1]), let low = hexValue(bytes[index + 2])
            {
                output.append(high << 4 | low)
                index += 3
            } else {
                output.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
                index += 1
            }
        }
    }

    /// True when decoding would give other bytes, or bytes that need a look at their UTF-8.
    static func changes(_ bytes: Span<UInt8>, plusIsSpace: Bool) -> Bool {
        let start = bytes.unmarkedLength(from: 0) {
            $0.wide | $0.equal(to: UInt8(ascii: "%")) | $0.equal(to: UInt8(ascii: "+"))
        }
        for index in start..<bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "%") || byte >= 0x80 || (plusIsSpace && byte == UInt8(ascii: "+")) { return true }
        }
        return false
    }
}

extension EventTape {
    /// A text of this tape with its percent escapes decoded, as well-formed UTF-8. A text without escapes is answered
    /// itself, without a copy.
    public mutating func percentDecoded(_ ref: TextRef, plusIsSpace: Bool = true) -> TextRef {
        guard PercentDecoder.changes(text.span.extracting(ref.range), plusIsSpace: plusIsSpace) else { return ref }
        return append { bytes in
            let start = bytes.count
            bytes.reserveCapacity(start + Int(ref.count))
            decode(ref.range, of: &bytes, plusIsSpace: plusIsSpace)
            UTF8Repair.repairTail(of: &bytes, from: start)
        }
    }
}

/// Decodes a part of `bytes` onto its own end.
private func decode(_ range: Range<Int>, of bytes: inout [UInt8], plusIsSpace: Bool) {
    var index = range.lowerBound
    while index < range.upperBound {
        let byte = bytes[index]
        if byte == UInt8(ascii: "%"), index + 2 < range.upperBound,
            let high = hexValue(bytes[index + 1]), let low = hexValue(bytes[index + 2])
        {
            bytes.append(high << 4 | low)
            index += 3
        } else {
            bytes.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            index += 1
        }
    }
}
