/// A request's line and the few headers that the sandbox looks at.
struct RequestHead: Equatable {
    var method: String
    var path: String
    var query: String
    var authorization: String?
    var contentType: String?
    var contentLength = 0
    var closes = false
    var expectsContinue = false

    /// Longer heads are refused.
    static let maxByteCount = 32 << 10

    /// - Parameter text: everything before the empty line.
    /// - Returns: nil for what is no HTTP/1 request, or one whose body has no plain length.
    init?(_ text: ArraySlice<UInt8>) {
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: false)
        let words = lines[0].split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, words[1].hasPrefix("/"), words[2] == "HTTP/1.1" || words[2] == "HTTP/1.0" else {
            return nil
        }
        let target = words[1].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        method = String(words[0])
        path = String(target[0])
        query = target.count > 1 ? String(target[1]) : ""
        closes = words[2] == "HTTP/1.0"
        var lengths: Set<Substring> = []
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            switch line[..<colon].lowercased() {
            case "authorization": authorization = String(value)
            case "content-type": contentType = String(value)
            case "content-length": lengths.insert(value)
            case "transfer-encoding": return nil
            case "connection": closes = closes || value.lowercased() == "close"
            case "expect": expectsContinue = value.lowercased() == "100-continue"
            default: break
            }
        }
        guard lengths.count <= 1, lengths.allSatisfy({ $0.allSatisfy(\.isNumber) && Int($0) != nil }) else {
            return nil
        }
        contentLength = lengths.first.flatMap { Int($0) } ?? 0
    }

    var call: SandboxCall {
        SandboxCall(
            method: method, path: path, query: query, authorization: authorization, contentType: contentType)
    }
}
