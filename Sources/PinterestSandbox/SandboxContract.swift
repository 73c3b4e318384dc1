// PinterestSandbox: a strict stand-in for the Pinterest API for Conversions, for tests and trials.
//
// It is an own reading of the contract (`pinterest-api.md` 1 to 4) and shares no encoder and no check with the relay;
// of the relay's code it uses the JSON tape alone. It may touch sockets, threads and the clock, in the files of the
// last layer only.
//
// In layers, each usable alone: `SandboxContract` judges one request and knows no time, no state, no network;
// `SandboxFaults` says which trouble comes next; `SandboxRecorder` keeps what arrived; `SandboxService` joins the
// three behind a lock; `SandboxServer` puts that on a port, on blocking sockets of its own, since it has to do what no
// proper listener does: stay silent, reset, drip, break off.
import JSONTape
import RelayModel

/// The facts of one request that the contract looks at.
public struct SandboxCall: Sendable {
    public var method: String
    /// Without the query.
    public var path: String
    /// Without the question mark; empty when there is none.
    public var query: String
    public var authorization: String?
    public var contentType: String?

    public init(method: String, path: String, query: String = "", authorization: String?, contentType: String?) {
        self.method = method
        self.path = path
        self.query = query
        self.authorization = authorization
        self.contentType = contentType
    }
}

/// What the contract says to one request.
package struct SandboxVerdict {
    package var status: Int
    package var body: [UInt8]
    /// The events that the request held, in its order; empty when it was refused as a whole.
    var events: [JudgedEvent] = []
    var isTest = false

    static func refused(_ status: Int, code: Int, _ message: String) -> SandboxVerdict {
        SandboxVerdict(status: status, body: SandboxJSON.error(code: code, message))
    }
}

/// One event of an accepted request.
struct JudgedEvent: Equatable {
    var id: String
    var name: String
    var isProcessed: Bool
}

/// Judges requests, one at a time, with buffers of its own.
package struct SandboxContract: ~Copyable {
    /// The upstream's own cap for test requests.
    static let testEventCap = 20
    private let settings: SandboxSettings
    private let parser: JSONTapeParser
    private var tape = EventTape()

    package init(_ settings: SandboxSettings) {
        self.settings = settings
        parser = JSONTapeParser(maximumByteCount: settings.maxBodyBytes, maximumDepth: 32)
    }

    /// - Parameters:
    ///   - now: seconds since 1970.
    ///   - badEventIDs: events that fail whatever they hold.
    package mutating func judge(
        _ call: SandboxCall, body: Span<UInt8>, now: Int64, badEventIDs: Set<String> = [], mixedStatus: Int? = nil
    ) -> SandboxVerdict {
        if let refusal = refusal(of: call) { return refusal }
        guard let isTest = Self.testFlag(call.query) else {
            return .invalid("'test' is not a boolean")
        }
        guard body.count <= settings.maxBodyBytes else { return .refused(413, code: 4196, "Payload too large") }
        tape.reset()
        guard Self.isStrictText(body), let root = try? parser.parse(body, onto: &tape) else {
            return .invalid("the body is not a JSON document")
        }
        do throws(SchemaFault) {
            try SchemaCheck.object(root, .body, on: tape)
        } catch {
            return .invalid(error.message)
        }
        let limits = EventLimits(
            oldest: now - settings.maxAge.components.seconds, latest: now + settings.maxAhead.components.seconds,
            now: now, cap: isTest ? Self.testEventCap : .max, badEventIDs: badEventIDs)
        return answer(root, limits, isTest: isTest, mixedStatus: mixedStatus ?? settings.mixedStatus)
    }

    private func answer(_ root: TapeNode, _ limits: EventLimits, isTest: Bool, mixedStatus: Int) -> SandboxVerdict {
        var events: [JudgedEvent] = []
        var entries: [UInt8] = []
        let data = tape.member(root, "data")
        var cursor = data.flatMap { tape.firstElement($0) }
        while let event = cursor, let data {
            var judgement = EventJudgement(event, on: tape)
            judgement.judge(limits, index: events.count)
            if !events.isEmpty { entries.append(UInt8(ascii: ",")) }
            judgement.writeEntry(to: &entries)
            events.append(judgement.event)
            cursor = tape.nextElement(after: event, in: data)
        }
        let processed = events.count { $0.isProcessed }
        let status = processed == events.count ? 200 : processed == 0 ? 422 : mixedStatus
        let body = SandboxJSON.outcome(
            received: events.count, processed: processed, entries: entries, isRefusal: status == 422)
        return SandboxVerdict(status: status, body: body, events: events, isTest: isTest)
    }

    /// JSON proper: UTF-8 without a byte order mark. The parser would forgive both.
    private static func isStrictText(_ body: Span<UInt8>) -> Bool {
        guard body.count > 0, body[0] != 0xEF else { return false }
        return (try? UTF8Span(validating: body)) != nil
    }
}

extension SandboxContract {
    /// What of the request's line and headers is not as it must be.
    private func refusal(of call: SandboxCall) -> SandboxVerdict? {
        guard let account = Self.account(in: call.path) else {
            return .refused(404, code: 4404, "Not found.")
        }
        guard call.method == "POST" else { return .refused(405, code: 4405, "Method not allowed.") }
        guard call.authorization == "Bearer " + settings.token else {
            return .refused(401, code: 2, "Authentication failed.")
        }
        guard (1...18).contains(account.utf8.count), account.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return .invalid("ad_account_id: not of 1 to 18 digits")
        }
        if let accounts = settings.accounts, !accounts.contains(account) {
            return settings.unknownAccountStatus == 403
                ? .refused(403, code: 29, "You are not permitted to access that resource.")
                : .refused(404, code: 2, "AdAccount not found.")
        }
        guard Self.isJSON(call.contentType) else { return .invalid("Content-Type is not application/json") }
        return nil
    }

    /// The `{ad_account_id}` of an events path, whatever it is; nil for every other path.
    static func account(in path: String) -> String? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "v5", parts[2] == "ad_accounts", parts[4] == "events"
        else { return nil }
        return String(parts[3])
    }

    /// The value of `test`, false without it; nil when it is neither `true` nor `false`.
    static func testFlag(_ query: String) -> Bool? {
        for pair in query.split(separator: "&") where pair == "test" || pair.hasPrefix("test=") {
            switch pair.dropFirst(5) {
            case "true": return true
            case "false": return false
            default: return nil
            }
        }
        return false
    }

    private static func isJSON(_ contentType: String?) -> Bool {
        guard let type = contentType?.split(separator: ";").first else { return false }
        return type.filter { $0 != " " }.lowercased() == "application/json"
    }
}

extension SandboxVerdict {
    fileprivate static func invalid(_ what: String) -> SandboxVerdict {
        .refused(400, code: 4196, "Invalid request: \(what)")
    }
}
