import RelayModel

/// How a body came, by its `Content-Encoding`.
public enum ContentCoding: Sendable, Hashable {
    case identity
    /// RFC 1952, of one member or several.
    case gzip
    /// RFC 1950, or the bare RFC 1951 stream that some senders mean by it.
    case deflate

    /// The codings that are taken, as an `Accept-Encoding` names them.
    public static let accepted: StaticString = "gzip, deflate"

    /// - Parameter header: the header's value. A coding that is not known, and a list of codings, give nil.
    public init?(_ header: Span<UInt8>) {
        var (start, end) = (0, header.count)
        while start < end, Self.isBlank(header[start]) { start += 1 }
        while end > start, Self.isBlank(header[end - 1]) { end -= 1 }
        let name = header.extracting(start..<end)
        switch name.count {
        case 0: self = .identity
        case 4 where name.hasPrefix(anyCaseOf: "gzip"): self = .gzip
        case 6 where name.hasPrefix(anyCaseOf: "x-gzip"): self = .gzip
        case 7 where name.hasPrefix(anyCaseOf: "deflate"): self = .deflate
        case 8 where name.hasPrefix(anyCaseOf: "identity"): self = .identity
        default: return nil
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
}
