import Foundation
import HTTPIngress

/// A curl command line as documentation shows it, or as a browser's developer tools copy it.
struct CurlCommand {
    enum Fault: Error, CustomStringConvertible {
        case unknownOption(String)
        case missingValue(String)
        case readsFile(String)
        case noURL

        var description: String {
            switch self {
            case .unknownOption(let name): "the curl option \(name) is not known here: take it out"
            case .missingValue(let name): "the curl option \(name) lacks its value"
            case .readsFile(let name): "\(name) reads a file: paste the command with the content in its place"
            case .noURL: "the curl command has no URL"
            }
        }
    }

    private var urls: [String] = []
    private var method: String?
    private var headers: [(name: String, value: String)] = []
    private var data: [[UInt8]] = []
    private var sendsDataInQuery = false
    private var asksForHead = false
    private var user: String?

    /// All requests of a command.
    /// - Parameter words: what follows `curl`.
    static func requests(_ words: ArraySlice<[UInt8]>) throws(Fault) -> [PastedRequest] {
        var command = CurlCommand()
        try command.read(words)
        guard !command.urls.isEmpty else { throw .noURL }
        return command.urls.map { command.request(to: $0) }
    }

    private mutating func read(_ words: ArraySlice<[UInt8]>) throws(Fault) {
        var rest = words
        while let bytes = rest.popFirst() {
            let word = String(decoding: bytes, as: UTF8.self)
            if word == "--" {
                urls += rest.map { String(decoding: $0, as: UTF8.self) }
                return
            } else if word.hasPrefix("--") {
                try readLong(word, &rest)
            } else if word.hasPrefix("-"), word.count > 1 {
                try readShort(bytes, &rest)
            } else {
                urls.append(word)
            }
        }
    }

    private mutating func readLong(_ word: String, _ rest: inout ArraySlice<[UInt8]>) throws(Fault) {
        let name = String(word.dropFirst(2))
        if let letter = Self.longNames[name] { return try take(letter, word, &rest, own: nil) }
        switch name {
        case "data-raw": try addData(value(word, &rest, own: nil), word, readsFiles: false)
        case "data-urlencode": try addEncoded(value(word, &rest, own: nil), word)
        case "json":
            try addData(value(word, &rest, own: nil), word, readsFiles: true)
            headers += [("Content-Type", "application/json"), ("Accept", "application/json")]
        case "url": urls.append(String(decoding: try value(word, &rest, own: nil), as: UTF8.self))
        case "oauth2-bearer":
            headers.append(
                ("Authorization", "Bearer " + String(decoding: try value(word, &rest, own: nil), as: UTF8.self)))
        case _ where Self.flags.contains(name): break
        case _ where Self.optionsWithValue.contains(name): _ = try value(word, &rest, own: nil)
        default: throw .unknownOption(word)
        }
    }

    /// Short options may stand together, the last one with its value behind it: `-sXPOST`.
    private mutating func readShort(_ bytes: [UInt8], _ rest: inout ArraySlice<[UInt8]>) throws(Fault) {
        var place = 1
        while place < bytes.count {
            let letter = Character(UnicodeScalar(bytes[place]))
            place += 1
            let name = "-\(letter)"
            if Self.shortFlags.contains(letter) { continue }
            let own = place < bytes.count ? Array(bytes[place...]) : nil
            if letter == "G" || letter == "I" {
                try take(letter, name, &rest, own: nil)
                continue
            }
            if Self.lettersWithValue.contains(letter) {
                _ = try value(name, &rest, own: own)
            } else {
                try take(letter, name, &rest, own: own)
            }
            return
        }
    }

    /// - Parameter own: the value where it stands in the option's own word.
    private mutating func take(
        _ letter: Character, _ name: String, _ rest: inout ArraySlice<[UInt8]>, own: [UInt8]?
    ) throws(Fault) {
        switch letter {
        case "G": sendsDataInQuery = true
        case "I": asksForHead = true
        case "d": try addData(value(name, &rest, own: own), name, readsFiles: true)
        case "X": method = String(decoding: try value(name, &rest, own: own), as: UTF8.self)
        case "H": try addHeader(text(name, &rest, own: own), name)
        case "u": user = try text(name, &rest, own: own)
        case "A": headers.append(("User-Agent", try text(name, &rest, own: own)))
        case "e": headers.append(("Referer", try text(name, &rest, own: own)))
        case "b":
            let cookies = try text(name, &rest, own: own)
            guard cookies.contains("=") else { throw .readsFile(name) }
            headers.append(("Cookie", cookies))
        default: throw .unknownOption(name)
        }
    }

    private func value(
        _ name: String, _ rest: inout ArraySlice<[UInt8]>, own: [UInt8]?
    ) throws(Fault) -> [UInt8] {
        guard let value = own ?? rest.popFirst() else { throw .missingValue(name) }
        return value
    }

    private func text(_ name: String, _ rest: inout ArraySlice<[UInt8]>, own: [UInt8]?) throws(Fault) -> String {
        String(decoding: try value(name, &rest, own: own), as: UTF8.self)
    }

    private mutating func addHeader(_ line: String, _ name: String) throws(Fault) {
        if line.hasPrefix("@") { throw .readsFile(name) }
        guard let colon = line.firstIndex(of: ":") else { return }
        let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        if !value.isEmpty { headers.append((String(line[..<colon]), value)) }
    }

    private mutating func addData(_ bytes: [UInt8], _ name: String, readsFiles: Bool) throws(Fault) {
        if readsFiles, bytes.first == UInt8(ascii: "@") { throw .readsFile(name) }
        data.append(bytes)
    }

    /// `content`, `=content` or `name=content`: the content is percent-encoded.
    private mutating func addEncoded(_ bytes: [UInt8], _ option: String) throws(Fault) {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let mark = text.firstIndex(where: { $0 == "=" || $0 == "@" }) else {
            return data.append(Array(Self.encoded(text).utf8))
        }
        if text[mark] == "@" { throw .readsFile(option) }
        let name = text[..<mark]
        let content = Self.encoded(String(text[text.index(after: mark)...]))
        data.append(Array((name.isEmpty ? content : "\(name)=\(content)").utf8))
    }

    private static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(CharacterSet(charactersIn: "-._~")))
            ?? text
    }

    private func request(to url: String) -> PastedRequest {
        var request = PastedRequest(url: url)
        request.headers += headers
        if let user, request.header("Authorization") == nil { request.authorise(user) }
        let body = Array(data.joined(separator: [UInt8(ascii: "&")]))
        if sendsDataInQuery {
            let joined = [request.query, String(decoding: body, as: UTF8.self)].filter { !$0.isEmpty }
            request.query = joined.joined(separator: "&")
        } else {
            request.body = body
        }
        let usual: RequestMethod = asksForHead ? .head : data.isEmpty || sendsDataInQuery ? .get : .post
        request.method = method.map { RequestMethod(word: $0) } ?? usual
        return request
    }

    // MARK: Names

    /// Long spellings of the options that are read by their letter.
    private static let longNames: [String: Character] = [
        "data": "d", "data-ascii": "d", "data-binary": "d", "request": "X", "header": "H", "user": "u",
        "user-agent": "A", "referer": "e", "cookie": "b", "get": "G", "head": "I",
    ]

    /// Options without value that change nothing of what arrives.
    private static let flags: Set<String> = [
        "compressed", "silent", "show-error", "verbose", "include", "insecure", "location", "location-trusted", "fail",
        "fail-with-body", "globoff", "progress-bar", "no-progress-meter", "no-buffer", "ipv4", "ipv6", "http1.0",
        "http1.1", "http2", "http2-prior-knowledge", "http3", "path-as-is", "tcp-nodelay", "no-keepalive", "tlsv1",
        "tlsv1.2", "tlsv1.3", "basic", "raw", "retry-connrefused", "disable",
    ]

    private static let shortFlags: Set<Character> = [
        "s", "S", "v", "i", "k", "L", "f", "g", "#", "N", "4", "6", "0", "q",
    ]

    /// Options with a value that change nothing of what arrives.
    private static let optionsWithValue: Set<String> = [
        "output", "write-out", "max-time", "connect-timeout", "proxy", "cacert", "cert", "key", "resolve", "connect-to",
        "retry", "retry-delay", "retry-max-time", "cookie-jar", "dump-header", "interface", "limit-rate", "max-redirs",
        "noproxy", "ciphers", "unix-socket", "tls-max", "stderr", "trace-ascii",
    ]

    private static let lettersWithValue: Set<Character> = ["o", "w", "m", "x", "E", "c", "D"]
}
