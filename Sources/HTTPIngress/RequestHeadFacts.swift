/// What a request's head says of its body, gathered byte by byte for `FramingScanner`.
struct RequestHeadFacts {
    enum Framing: Equatable {
        case none
        case length(Int)
        case chunked
        /// A transfer coding in HTTP/1.0, which has none.
        case codingBeforeVersion1Point1
        /// `RequestGuard`, or evhttp, refuses the request and ends the connection.
        case doubtful
    }

    private enum Header {
        case other, contentLength, transferEncoding
    }

    var chunkSize = 0
    private var isHead = true
    private var methodByteCount = 0
    private var isVersion1Point0 = false
    private var header = Header.other
    private var mayBeLength = false
    private var mayBeCoding = false
    private var lengths = 0
    private var codings = 0
    private var length = 0
    private var isOdd = false
    /// Of the value under way: bytes seen that are no spaces, and whether a space has followed them.
    private var valueByteCount = 0
    private var hasGap = false

    private static let headMethod: StaticString = "HEAD"
    private static let contentLength: StaticString = "content-length"
    private static let transferEncoding: StaticString = "transfer-encoding"
    private static let chunkedCoding: StaticString = "chunked"

    mutating func seeMethod(_ byte: UInt8, at index: Int) {
        methodByteCount = index + 1
        if byte != Self.headMethod.byte(at: index) { isHead = false }
    }

    /// - Parameter prefix: what stands before the minor version.
    /// - Returns: whether the byte may stand there.
    mutating func seeVersion(_ byte: UInt8, at index: Int, _ prefix: StaticString) -> Bool {
        if let wanted = prefix.byte(at: index) { return byte == wanted }
        isVersion1Point0 = byte == UInt8(ascii: "0")
        return index == prefix.utf8CodeUnitCount && (isVersion1Point0 || byte == UInt8(ascii: "1"))
    }

    /// The header's name under way, or the value behind it, is not one of those that matter.
    var nameSaysNothing: Bool { !mayBeLength && !mayBeCoding }
    var valueSaysNothing: Bool { header == .other }

    mutating func startHeader() {
        header = .other
        mayBeLength = true
        mayBeCoding = true
        valueByteCount = 0
        hasGap = false
    }

    mutating func seeName(_ byte: UInt8, at index: Int) {
        guard !nameSaysNothing else { return }
        let lowercased = byte.asciiLowercased
        if lowercased != Self.contentLength.byte(at: index) { mayBeLength = false }
        if lowercased != Self.transferEncoding.byte(at: index) { mayBeCoding = false }
    }

    mutating func endName(byteCount: Int) {
        if mayBeLength, byteCount == Self.contentLength.utf8CodeUnitCount {
            header = .contentLength
            lengths += 1
        } else if mayBeCoding, byteCount == Self.transferEncoding.utf8CodeUnitCount {
            header = .transferEncoding
            codings += 1
        }
    }

    mutating func seeValue(_ byte: UInt8) {
        guard header != .other else { return }
        if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") {
            hasGap = hasGap || valueByteCount > 0
            return
        }
        if hasGap { isOdd = true }
        if header == .contentLength { seeLength(byte) } else { seeCoding(byte) }
        valueByteCount += 1
    }

    private mutating func seeLength(_ byte: UInt8) {
        guard (0x30...0x39).contains(byte) else { return isOdd = true }
        // More digits than any cap has.
        length = valueByteCount < 18 ? length * 10 + Int(byte - 0x30) : .max
    }

    private mutating func seeCoding(_ byte: UInt8) {
        if byte.asciiLowercased != Self.chunkedCoding.byte(at: valueByteCount) { isOdd = true }
        codingByteCount = valueByteCount + 1
    }

    private var codingByteCount = 0

    /// After the last header.
    var framing: Framing {
        if isOdd || lengths > 1 || codings > 1 || (lengths > 0 && codings > 0) { return .doubtful }
        if codings == 1 {
            if isVersion1Point0 { return .codingBeforeVersion1Point1 }
            let isChunked = codingByteCount == Self.chunkedCoding.utf8CodeUnitCount
            return isChunked && !hasHeadMethod ? .chunked : .doubtful
        }
        guard lengths == 1 else { return .none }
        return hasHeadMethod && length > 0 ? .doubtful : .length(length)
    }

    private var hasHeadMethod: Bool { isHead && methodByteCount == Self.headMethod.utf8CodeUnitCount }
}

extension StaticString {
    /// Nil behind the end.
    fileprivate func byte(at index: Int) -> UInt8? {
        guard index < utf8CodeUnitCount else { return nil }
        return withUTF8Buffer { unsafe $0[index] }
    }
}
