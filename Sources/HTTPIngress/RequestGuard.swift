/// Why a request's framing is not trusted.
public enum RequestFault: CaseIterable, Equatable, Sendable {
    case duplicateContentLength
    case oddContentLength
    case duplicateTransferEncoding
    case unknownTransferEncoding
    case lengthAndTransferEncoding
    case duplicateHost
    case oddHeaderName
    case unexpectedBody
    case oddRequestLine
    case bareLineFeed
    case bareCarriageReturn
    case foldedHeader
    case controlCharacter
    case oddChunk

    /// The name in metrics and logs.
    public var label: StaticString {
        switch self {
        case .duplicateContentLength: "duplicate_content_length"
        case .oddContentLength: "odd_content_length"
        case .duplicateTransferEncoding: "duplicate_transfer_encoding"
        case .unknownTransferEncoding: "unknown_transfer_encoding"
        case .lengthAndTransferEncoding: "length_and_transfer_encoding"
        case .duplicateHost: "duplicate_host"
        case .oddHeaderName: "odd_header_name"
        case .unexpectedBody: "unexpected_body"
        case .oddRequestLine: "odd_request_line"
        case .bareLineFeed: "bare_line_feed"
        case .bareCarriageReturn: "bare_carriage_return"
        case .foldedHeader: "folded_header"
        case .controlCharacter: "control_character"
        case .oddChunk: "odd_chunk"
        }
    }
}

/// Looks for headers that evhttp lets pass but that two parsers may read differently: the raw material of request
/// smuggling. Pure; fed with one header at a time.
package struct RequestGuard {
    package private(set) var fault: RequestFault?
    private var contentLengths = 0
    private var transferEncodings = 0
    private var hosts = 0
    private var announcesBody = false

    package init() {}

    package mutating func see(name: Span<UInt8>, value: Span<UInt8>) {
        guard name.isToken else { return note(.oddHeaderName) }
        switch name.count {
        case 4 where name.equalsIgnoringCase("host"):
            hosts += 1
            if hosts > 1 { note(.duplicateHost) }
        case 14 where name.equalsIgnoringCase("content-length"):
            seeContentLength(value)
        case 17 where name.equalsIgnoringCase("transfer-encoding"):
            seeTransferEncoding(value)
        default:
            break
        }
    }

    /// After the last header.
    ///
    /// - Parameter readsBody: false for the methods whose body evhttp leaves in the buffer, as the next request.
    package mutating func finish(readsBody: Bool) -> RequestFault? {
        if contentLengths > 0, transferEncodings > 0 { note(.lengthAndTransferEncoding) }
        if announcesBody, !readsBody { note(.unexpectedBody) }
        return fault
    }

    private mutating func seeContentLength(_ value: Span<UInt8>) {
        contentLengths += 1
        if contentLengths > 1 { note(.duplicateContentLength) }
        if !value.isDigits { note(.oddContentLength) }
        if !value.isZero { announcesBody = true }
    }

    private mutating func seeTransferEncoding(_ value: Span<UInt8>) {
        transferEncodings += 1
        announcesBody = true
        if transferEncodings > 1 { note(.duplicateTransferEncoding) }
        if !value.equalsIgnoringCase("chunked") { note(.unknownTransferEncoding) }
    }

    private mutating func note(_ found: RequestFault) {
        if fault == nil { fault = found }
    }
}

extension Span<UInt8> {
    /// Compares without regard to the case of ASCII letters.
    func equalsIgnoringCase(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { other in
            for index in indices
            where unsafe self[index].asciiLowercased != other[index].asciiLowercased { return false }
            return true
        }
    }

    fileprivate var isDigits: Bool {
        guard !isEmpty else { return false }
        for index in indices where !(0x30...0x39).contains(self[index]) { return false }
        return true
    }

    fileprivate var isZero: Bool {
        for index in indices where self[index] != 0x30 { return false }
        return true
    }

    /// RFC 9110, section 5.6.2.
    fileprivate var isToken: Bool {
        guard !isEmpty else { return false }
        for index in indices where !self[index].isTokenCharacter { return false }
        return true
    }
}

extension UInt8 {
    var asciiLowercased: UInt8 {
        (0x41...0x5A).contains(self) ? self | 0x20 : self
    }

    /// Bit n of the two words stands for the character n.
    var isTokenCharacter: Bool {
        guard self < 128 else { return false }
        let word: UInt64 = self < 64 ? 0x03FF_6CFA_0000_0000 : 0x57FF_FFFF_C7FF_FFFE
        return word >> UInt64(self & 63) & 1 == 1
    }
}
