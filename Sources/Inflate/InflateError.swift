/// Why a compressed body was not inflated. It never holds any of the body.
public struct InflateError: Error, Hashable, Sendable {
    /// The closed list; the raw value is the stable label.
    public enum Code: String, CaseIterable, Sendable {
        /// The stream ends before its end.
        case truncated = "truncated_encoding"
        /// No stream of this coding, a wrong checksum, or something behind the stream.
        case corrupt = "corrupt_encoding"
        case compressedTooLarge = "compressed_body_too_large"
        case inflatedTooLarge = "inflated_body_too_large"
        /// Inflates to more than ``InflateLimits/ratio`` allows.
        case ratioTooHigh = "inflate_ratio_too_high"
        /// zlib has no memory, or is not the one that was compiled against.
        case unavailable = "inflate_unavailable"
    }

    public let code: Code
    /// zlib's status (`Z_DATA_ERROR` and the like); 0 where a limit of ours decided.
    public let status: Int32

    init(_ code: Code, status: Int32 = 0) {
        self.code = code
        self.status = status
    }

    /// The same body will be refused again, unless zlib is to blame.
    public var isRetryable: Bool { code == .unavailable }

    /// One sentence for people.
    public var message: StaticString {
        switch code {
        case .truncated: "the compressed body ends too early"
        case .corrupt: "the body is not what its Content-Encoding says"
        case .compressedTooLarge: "the compressed body is larger than one may be"
        case .inflatedTooLarge: "the body inflates to more than a body may be"
        case .ratioTooHigh: "the body inflates to too many times its size"
        case .unavailable: "the body cannot be inflated now"
        }
    }
}
