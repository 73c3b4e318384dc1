import Foundation
import HTTPIngress
import Intake

/// The forms of input that `explain` and `test` read.
public enum PastedKind: String, CaseIterable, Sendable {
    /// One Segment call, a batch body, or an array of calls, as JSON.
    case segment
    /// sGTM common event data, one object or an array.
    case eventData = "event-data"
    /// The URL of a GA4 hit (with its body behind it), or the lines of a hit's body.
    case hit
    /// A Measurement Protocol body, or one of its events.
    case measurementProtocol = "measurement-protocol"
    /// Pinterest-shaped events: a body with `data`, one event, or an array.
    case pinterest
    /// One or more curl command lines.
    case curl
    /// An HTTP Archive, or entries of one.
    case har
}

/// One call of a paste.
struct PastedCall {
    enum Content {
        case request(PastedRequest)
        /// JSON text: no route takes it.
        case eventData(String)
    }

    /// What stands in where the call does not say whose it is.
    enum Credentials {
        /// A whole call: what it lacks, the relay would refuse it for.
        case ownOnly
        /// A body or a URL alone: without a key, the first source of the kind.
        case assumed
        /// There is no place for a key: the first source of the kind.
        case none
    }

    var content: Content
    var credentials = Credentials.ownOnly
    /// The route where the path says none.
    var fallbackRoute: IntakeRoute?
    var sentAtMicros: Int64?
    var notes: [String] = []
}

/// What somebody pasted, told apart by its form.
struct PastedInput {
    private(set) var kind: PastedKind
    private(set) var calls: [PastedCall] = []

    /// - Parameter kind: settles the form where the text alone would not.
    init(_ text: String, as kind: PastedKind? = nil) throws {
        let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !text.isEmpty else { throw Explainer.Unreadable(description: "the input is empty") }
        if let kind {
            self.kind = kind
        } else {
            self.kind = try Self.kind(of: text)
        }
        switch self.kind {
        case .segment: try readJSON(text, PastedJSON.segmentCall)
        case .measurementProtocol: try readMeasurementProtocol(text)
        case .pinterest: try readJSON(text, PastedJSON.pinterestCall)
        case .eventData: calls = [PastedCall(content: .eventData(text), credentials: .assumed)]
        case .hit: try readHit(text)
        case .curl: try readCurl(text)
        case .har: try readArchive(text)
        }
    }

    private static func kind(of text: String) throws -> PastedKind {
        if text.hasPrefix("{") || text.hasPrefix("[") { return try PastedJSON.kind(of: text) }
        if isCurl(text) { return .curl }
        let line = text.prefix { $0 != "\n" && $0 != "\r\n" }
        guard !line.contains(where: \.isWhitespace) else { throw unknown }
        if PastedHit.isURL(line) {
            return PastedHit.isMeasurementProtocol(line) ? .measurementProtocol : .hit
        }
        guard PastedHit.isParameters(line) else { throw unknown }
        return .hit
    }

    private static let unknown = Explainer.Unreadable(
        description: "this is neither JSON, nor a hit's URL with its query, nor lines of a hit's body, nor a curl "
            + "command, nor an HTTP archive; --as says which it is meant to be")

    /// The first word that is no prompt and no assignment is `curl`.
    private static func isCurl(_ text: String) -> Bool {
        let words = text.prefix(500).split(whereSeparator: \.isWhitespace)
        return words.first { $0 != "$" && $0 != "%" && $0 != "sudo" && !$0.contains("=") }.map { isCurlWord($0) }
            ?? false
    }

    private static func isCurlWord(_ word: some StringProtocol) -> Bool {
        word == "curl" || word == "curl.exe" || word.hasSuffix("/curl")
    }

    // MARK: Forms

    private mutating func readJSON(_ text: String, _ call: (String) throws -> PastedCall) throws {
        guard let lines = PastedJSON.lines(of: text) else { return calls = [try call(text)] }
        calls = try lines.map(call)
    }

    private mutating func readMeasurementProtocol(_ text: String) throws {
        guard text.hasPrefix("{") || text.hasPrefix("[") else { return try readHit(text) }
        try readJSON(text, PastedJSON.measurementProtocolCall)
    }

    private mutating func readHit(_ text: String) throws {
        var call = try PastedHit.call(text)
        if kind == .measurementProtocol { call.fallbackRoute = .measurementProtocol }
        calls = [call]
    }

    private mutating func readCurl(_ text: String) throws {
        do {
            for words in try ShellWords.commands(in: text) {
                guard let start = words.firstIndex(where: { Self.isCurlWord(String(decoding: $0, as: UTF8.self)) })
                else { continue }
                // `--next` starts a command of its own.
                for part in words[(start + 1)...].split(whereSeparator: { $0 == Array("--next".utf8) }) {
                    calls += try CurlCommand.requests(part).map { Self.whole($0, sentAtMicros: nil) }
                }
            }
        } catch ShellWords.Fault.openQuote(let line) {
            throw Explainer.Unreadable(
                description:
                    "a quote that is opened in line \(line) of the curl command is not closed; from a browser, "
                    + "copy it as cURL (bash)")
        } catch let fault as CurlCommand.Fault {
            throw Explainer.Unreadable(description: fault.description)
        }
        guard !calls.isEmpty else { throw Explainer.Unreadable(description: "there is no curl command") }
    }

    private mutating func readArchive(_ text: String) throws {
        guard let archive = HARFile(try PastedJSON.value(text)) else {
            throw Explainer.Unreadable(description: "the JSON is neither an HTTP archive nor an entry of one")
        }
        calls = archive.entries.map { Self.whole($0.request, sentAtMicros: $0.sentAtMicros) }
        guard !calls.isEmpty else { throw Explainer.Unreadable(description: "the archive holds no request") }
    }

    private static func whole(_ request: PastedRequest, sentAtMicros: Int64?) -> PastedCall {
        var request = request
        let note = request.dropCoding()
        return PastedCall(
            content: .request(request), sentAtMicros: sentAtMicros, notes: note.map { [$0] } ?? [])
    }
}
