import Foundation
import HTTPIngress

/// A request that somebody pasted, read by the intake as evhttp's would be.
struct PastedRequest: IncomingRequest, Sendable {
    /// Stands in for the connection's address, which no paste holds: documentation range, so it passes as public.
    static let standInAddress = "203.0.113.1"
    /// Stands in for the browser's own where only a URL or a body was pasted.
    static let standInUserAgent = "Mozilla/5.0 (stands in for the browser's own)"

    var method = RequestMethod.post
    /// Absent in a URL that is a path alone.
    var host = ""
    var path = "/"
    var query = ""
    var headers: [(name: String, value: String)] = []
    var body: [UInt8] = []
    var address = Self.standInAddress

    /// - Parameter url: with or without scheme and host; a fragment is cut off.
    init(url: String) {
        var rest = Substring(url)
        if let fragment = rest.firstIndex(of: "#") { rest = rest[..<fragment] }
        if let mark = rest.firstIndex(of: "?") {
            query = String(rest[rest.index(after: mark)...])
            rest = rest[..<mark]
        }
        if let scheme = rest.firstRange(of: "://") {
            rest = rest[scheme.upperBound...]
        } else if rest.hasPrefix("/") {
            path = String(rest)
            return
        }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        path = slash == rest.endIndex ? "/" : String(rest[slash...])
        takeAuthority(rest[..<slash])
    }

    private mutating func takeAuthority(_ authority: Substring) {
        let at = authority.lastIndex(of: "@")
        host = String(at.map { authority[authority.index(after: $0)...] } ?? authority)
        if let at { authorise(String(authority[..<at])) }
    }

    /// Adds `Basic` credentials.
    /// - Parameter user: `user:password`, or the user alone.
    mutating func authorise(_ user: String) {
        let pair = user.contains(":") ? user : user + ":"
        headers.append(("Authorization", "Basic " + Data(pair.utf8).base64EncodedString()))
    }

    func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// The method's word, host and path, for people; the query can be long, and is shown nowhere else.
    var title: String { "\(method.word) \(host)\(path)" }

    /// What a page of text cannot hold is taken off: a compressed body was copied as text, and was inflated for that.
    /// - Returns: a note where something was.
    mutating func dropCoding() -> String? {
        guard header("Content-Encoding") != nil, !body.starts(with: [0x1F, 0x8B]) else { return nil }
        headers.removeAll { $0.name.lowercased() == "content-encoding" }
        return "Content-Encoding was taken off: the pasted body is plain text"
    }

    // MARK: As the intake reads it

    var bodyByteCount: Int { body.count }

    func withPath<Result: ~Copyable, Failure>(
        _ take: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try Self.lend(path, take)
    }

    func withQuery<Result: ~Copyable, Failure>(
        _ take: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try Self.lend(query, take)
    }

    func withHeader<Result: ~Copyable, Failure>(
        _ name: StaticString, _ take: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result? {
        guard let value = header(name.description) else { return nil }
        return try Self.lend(value, take)
    }

    func headerCount(_ name: StaticString) -> Int {
        let name = name.description.lowercased()
        return headers.count { $0.name.lowercased() == name }
    }

    func forEachHeader(_ take: (Span<UInt8>, Span<UInt8>) -> Void) {
        for (name, value) in headers { take(Array(name.utf8).span, Array(value.utf8).span) }
    }

    func withBody<Result: ~Copyable, Failure>(
        _ take: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try take(body.span)
    }

    func withRemoteAddress<Result: ~Copyable, Failure>(
        _ take: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try Self.lend(address, take)
    }

    private static func lend<Result: ~Copyable, Failure>(
        _ text: String, _ take: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let bytes = Array(text.utf8)
        return try take(bytes.span)
    }
}

extension RequestMethod {
    init(word: String) {
        switch word.uppercased() {
        case "GET": self = .get
        case "POST": self = .post
        case "HEAD": self = .head
        case "OPTIONS": self = .options
        default: self = .other
        }
    }

    var word: String {
        switch self {
        case .get: "GET"
        case .post: "POST"
        case .head: "HEAD"
        case .options: "OPTIONS"
        case .other: "another method on"
        }
    }
}
