public import RelayModel

/// Text from outside that must become well-formed UTF-8.
public enum UTF8Repair {
    /// True when all of it is well-formed.
    public static func isWellFormed(_ bytes: Span<UInt8>) -> Bool {
        var index = 0
        while index < bytes.count {
            index += bytes.unmarkedLength(from: index) { $0.wide }
            guard index < bytes.count else { break }
            let length = bytes.utf8SequenceLength(at: index)
            guard length > 0 else { return false }
            index += length
        }
        return true
    }

    /// Appends the bytes to `output`, with U+FFFD for each byte that belongs to no well-formed sequence.
    public static func append(_ bytes: Span<UInt8>, to output: inout [UInt8]) {
        var index = 0
        while index < bytes.count {
            let length = bytes.utf8SequenceLength(at: index)
            if length == 0 {
                output.append(contentsOf: [0xEF, 0xBF, 0xBD])
                index += 1
            } else {
                output.append(copying: bytes.extracting(index..<index + length))
                index += length
            }
        }
    }

    /// Repairs what stands from `start` to the end of `output`.
    static func repairTail(of output: inout [UInt8], from start: Int) {
        guard !isWellFormed(output.span.extracting(start...)) else { return }
        let broken = Array(output[start...])
        output.removeLast(output.count - start)
        append(broken.span, to: &output)
    }
}

extension EventTape {
    /// Appends text from outside, such as a header's value, as well-formed UTF-8.
    public mutating func appendRepaired(_ bytes: Span<UInt8>) -> TextRef {
        guard !UTF8Repair.isWellFormed(bytes) else { return append(bytes) }
        var repaired: [UInt8] = []
        UTF8Repair.append(bytes, to: &repaired)
        return append(repaired.span)
    }
}
