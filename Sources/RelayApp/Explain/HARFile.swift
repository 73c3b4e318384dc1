import Foundation
import HTTPIngress
import Settings

/// A recording of requests (HTTP Archive 1.2), as a browser's developer tools save it, or one entry of it.
struct HARFile {
    struct Entry {
        var request: PastedRequest
        /// When the browser sent it; nil where that is not said.
        var sentAtMicros: Int64?
    }

    private(set) var entries: [Entry] = []

    /// - Returns: nil when the object is neither an archive nor an entry.
    init?(_ json: Any) {
        guard let found = Self.entries(of: json) else { return nil }
        entries = found.compactMap(Self.entry)
    }

    static func holds(_ object: [String: Any]) -> Bool { entries(of: object) != nil }

    private static func entries(of json: Any) -> [[String: Any]]? {
        if let list = json as? [[String: Any]] { return list }
        guard let object = json as? [String: Any] else { return nil }
        if let log = object["log"] as? [String: Any] { return log["entries"] as? [[String: Any]] }
        if object["request"] is [String: Any] { return [object] }
        // The request alone, as some tools copy it.
        return object["url"] is String && object["method"] is String ? [["request": object]] : nil
    }

    private static func entry(_ object: [String: Any]) -> Entry? {
        guard let said = object["request"] as? [String: Any], let url = said["url"] as? String else { return nil }
        var request = PastedRequest(url: url)
        request.method = RequestMethod(word: said["method"] as? String ?? "GET")
        for case let header as [String: Any] in said["headers"] as? [Any] ?? [] {
            guard let name = header["name"] as? String, let value = header["value"] as? String else { continue }
            // HTTP/2's own parts of the request line stand among the headers.
            if !name.hasPrefix(":") { request.headers.append((name, value)) }
        }
        if request.header("Cookie") == nil, let cookies = cookies(said["cookies"]) {
            request.headers.append(("Cookie", cookies))
        }
        request.body = body(said["postData"] as? [String: Any])
        let sentAt = (object["startedDateTime"] as? String).flatMap { WrittenTime.micros($0) }
        return Entry(request: request, sentAtMicros: sentAt)
    }

    private static func cookies(_ list: Any?) -> String? {
        let pairs = (list as? [[String: Any]] ?? []).compactMap { cookie -> String? in
            guard let name = cookie["name"] as? String, let value = cookie["value"] as? String else { return nil }
            return "\(name)=\(value)"
        }
        return pairs.isEmpty ? nil : pairs.joined(separator: "; ")
    }

    /// The text, or the fields of a form.
    private static func body(_ data: [String: Any]?) -> [UInt8] {
        guard let data else { return [] }
        if let text = data["text"] as? String, !text.isEmpty {
            if data["encoding"] as? String == "base64", let decoded = Data(base64Encoded: text) {
                return Array(decoded)
            }
            return Array(text.utf8)
        }
        let fields = (data["params"] as? [[String: Any]] ?? []).compactMap { field -> String? in
            (field["name"] as? String).map { "\($0)=\(field["value"] as? String ?? "")" }
        }
        return Array(fields.joined(separator: "&").utf8)
    }
}
