/// A status code with its phrase.
public struct HTTPStatus: Equatable, Sendable {
    public let code: Int32
    let phrase: StaticString

    private init(_ code: Int32, _ phrase: StaticString) {
        self.code = code
        self.phrase = phrase
    }

    public static func == (left: HTTPStatus, right: HTTPStatus) -> Bool { left.code == right.code }

    public static let ok = HTTPStatus(200, "OK")
    public static let noContent = HTTPStatus(204, "No Content")
    public static let badRequest = HTTPStatus(400, "Bad Request")
    public static let unauthorised = HTTPStatus(401, "Unauthorized")
    public static let forbidden = HTTPStatus(403, "Forbidden")
    public static let notFound = HTTPStatus(404, "Not Found")
    public static let methodNotAllowed = HTTPStatus(405, "Method Not Allowed")
    public static let conflict = HTTPStatus(409, "Conflict")
    public static let payloadTooLarge = HTTPStatus(413, "Payload Too Large")
    public static let unsupportedMediaType = HTTPStatus(415, "Unsupported Media Type")
    public static let unprocessableContent = HTTPStatus(422, "Unprocessable Content")
    public static let tooManyRequests = HTTPStatus(429, "Too Many Requests")
    public static let internalServerError = HTTPStatus(500, "Internal Server Error")
    public static let serviceUnavailable = HTTPStatus(503, "Service Unavailable")

    /// 204 has none, whatever is asked for.
    var allowsBody: Bool { code != 204 }
}
