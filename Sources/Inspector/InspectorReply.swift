/// An answer, ready for any HTTP library.
public struct InspectorReply: Sendable, Equatable {
    public struct Header: Sendable, Equatable {
        public let name: String
        public let value: String
    }

    public let status: Int
    public let contentType: String
    /// Headers besides the content type.
    public let headers: [Header]
    public let body: [UInt8]

    init(status: Int, contentType: String, headers: [(String, String)] = [], body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.headers = ([("Cache-Control", "no-store")] + headers).map { Header(name: $0.0, value: $0.1) }
        self.body = body
    }

    static func json(_ status: Int, _ text: String, headers: [(String, String)] = []) -> InspectorReply {
        InspectorReply(
            status: status, contentType: "application/json", headers: headers, body: Array((text + "\n").utf8))
    }

    /// An error as all routes of the relay give it.
    static func error(
        _ status: Int, code: StaticString, message: StaticString, headers: [(String, String)] = []
    ) -> InspectorReply {
        json(status, "{\"code\":\"\(code)\",\"message\":\"\(message)\"}", headers: headers)
    }
}
