/// An answer, whole. Replies that never change are kept as constants: their texts are static, nothing is built per
/// request.
public struct Reply: Sendable {
    public var status: HTTPStatus
    /// Sent only along with a body.
    public var contentType: StaticString?
    public var headers: [ReplyHeader]
    public var body: ReplyBody

    public init(
        _ status: HTTPStatus, contentType: StaticString? = nil, headers: [ReplyHeader] = [], body: ReplyBody = .none
    ) {
        self.status = status
        self.contentType = contentType
        self.headers = headers
        self.body = body
    }

    static let unanswered = Reply(
        .internalServerError, contentType: "application/json",
        body: .fixed(#"{"code":"internal_error","message":"The request was not answered."}"#))

    static let overloaded = Reply(
        .serviceUnavailable, contentType: "application/json", headers: [ReplyHeader("Retry-After", "1")],
        body: .fixed(#"{"code":"overloaded","message":"Too many requests are waiting. Try again."}"#))
}

public enum ReplyBody: Sendable {
    case none
    case fixed(StaticString)
    case bytes([UInt8])
}

/// A header of a reply. One whose value holds a control character is not sent.
public struct ReplyHeader: Sendable {
    enum Value: Sendable {
        case fixed(StaticString)
        case bytes([UInt8])
    }

    let name: StaticString
    let value: Value

    public init(_ name: StaticString, _ value: StaticString) {
        self.name = name
        self.value = .fixed(value)
    }

    public init(_ name: StaticString, bytes value: [UInt8]) {
        self.name = name
        self.value = .bytes(value)
    }
}
