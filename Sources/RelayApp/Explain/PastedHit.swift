import HTTPIngress
import Intake

/// A hit as a person copies it: its URL, with the body behind it, or its parameters alone.
enum PastedHit {
    private static let lacksQuery = "a line of a hit's body alone: v, tid and cid of its call stand in"

    /// A path or URL with something behind it.
    static func isURL(_ line: some StringProtocol) -> Bool {
        let head = line.prefix { $0 != "?" }
        return head.contains("/") && !head.contains("=")
    }

    static func isMeasurementProtocol(_ line: some StringProtocol) -> Bool {
        line.prefix { $0 != "?" }.hasSuffix("/mp/collect")
    }

    /// A query or a body line: it names its event, or its property.
    static func isParameters(_ line: some StringProtocol) -> Bool {
        line.split(separator: "&").contains { $0.hasPrefix("en=") || $0.hasPrefix("tid=") }
    }

    static func call(_ text: String) throws -> PastedCall {
        let parts = text.split(maxSplits: 1, omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let first = String(parts[0]).filter { !$0.isWhitespace }
        let behind = parts.count > 1 ? String(parts[1]) : ""
        var call = PastedCall(content: .eventData(""), credentials: .assumed, fallbackRoute: .ga4Collect)
        var request: PastedRequest
        if isURL(first) {
            request = PastedRequest(url: first)
            request.body = Array(behind.utf8)
            guard !request.query.isEmpty || !request.body.isEmpty else {
                throw Explainer.Unreadable(description: "the URL has no query, and no body stands behind it")
            }
        } else {
            request = PastedRequest(url: "/g/collect")
            if first.split(separator: "&").contains(where: { $0.hasPrefix("tid=") }) {
                request.query = first
                request.body = Array(behind.utf8)
            } else {
                request.query = "v=2&tid=G-UNSAID&cid=0.0"
                request.body = Array(text.utf8)
                call.credentials = .none
                call.notes.append(lacksQuery)
            }
        }
        request.method = request.body.isEmpty ? .get : .post
        standIn(&request)
        call.content = .request(request)
        return call
    }

    /// A browser's call always brings a user agent; a Measurement Protocol call's belongs to a server.
    private static func standIn(_ request: inout PastedRequest) {
        guard !isMeasurementProtocol(request.path) else { return }
        request.headers.append(("User-Agent", PastedRequest.standInUserAgent))
    }
}
