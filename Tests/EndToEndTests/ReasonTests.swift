import Foundation
import RelayModel
import RelayTestKit
import Testing

/// The closed list of reasons (`mapping.md` 8), walked: metrics, answers, `explain` and the README know each of them by
/// the same label, and no other.
@Suite("The closed list of reasons")
struct ReasonTests {
    /// A reason as the README names it.
    private struct Row: Hashable, Comparable, CustomStringConvertible {
        var label: String
        var ending: String
        var text: String

        var description: String { "\(label) | \(ending) | \(text)" }

        static func < (one: Row, other: Row) -> Bool { one.description < other.description }
    }

    private static let list =
        NotSentReason.allCases.map { Row(label: $0.rawValue, ending: "not sent", text: $0.text) }
        + DeadReason.allCases.map { Row(label: $0.rawValue, ending: "a dead letter", text: $0.text) }

    @Test("the README's table is the list, word for word")
    func documentation() throws {
        let text = try String(contentsOfFile: ClientFiles.root + "/README.md", encoding: .utf8)
        let section = text.components(separatedBy: "\n## Reasons\n").dropFirst().first ?? ""
        let rows = section.components(separatedBy: "\n## ")[0].split(separator: "\n").filter { $0.hasPrefix("| `") }
        let documented = rows.map { line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            return Row(label: cells[0].filter { $0 != "`" }, ending: cells[1], text: cells[2])
        }
        #expect(documented.sorted() == Self.list.sorted())
    }

    @Test("labels are lower-case words, and no two reasons of one end are alike")
    func labels() {
        #expect(Self.list.allSatisfy { row in row.label.allSatisfy { $0.isLowercase || $0 == "_" } })
        #expect(Set(Self.list.map { $0.ending + $0.label }).count == Self.list.count)
        #expect(Set(Self.list.map(\.text)).count == Self.list.count)
    }

    @Test("metrics have a series for each reason, and for no other word")
    func metrics() throws {
        let metrics = try RelayStack().metrics()
        #expect(
            labels(of: "pinrelay_events_not_sent_total", in: metrics) == Set(NotSentReason.allCases.map(\.rawValue)))
        #expect(labels(of: "pinrelay_events_dead_total", in: metrics) == Set(DeadReason.allCases.map(\.rawValue)))
    }

    @Test("each reason of the way in is counted, and explained, by its label")
    func wayIn() throws {
        let stack = try RelayStack()
        let reasons =
            NotSentReason.allCases.map { ("pinrelay_events_not_sent_total", $0.rawValue, input(for: $0)) }
            + DeadReason.allCases.map { ("pinrelay_events_dead_total", $0.rawValue, input(for: $0)) }
        for (counter, label, input) in reasons {
            guard let input else { continue }
            let before = try count(counter, label, stack.metrics())
            try send(input, to: stack)
            #expect(try eventually { try count(counter, label, stack.metrics()) == before + 1 }, "\(label)")
            #expect(try explained(input).contains(label), "\(label)")
        }
    }

    // MARK: An event for each reason

    private enum Input {
        /// An item of a batch.
        case segment(String)
        case hit(String)
        case pinterest(String)
    }

    private var now: Int { Int(Date().timeIntervalSince1970) }
    private let email = #""context":{"traits":{"email":"jane@example.com"}}"#

    /// - Returns: nil for what is met behind the intake: the journal's and the upstream's suites meet it there; and for
    ///   what only a mapping of the configuration can meet: ``OwnMappingJourneyTests`` has one.
    private func input(for reason: NotSentReason) -> Input? {
        switch reason {
        case .unmapped: .segment(track("Cart Viewed", email))
        case .unsupportedType: .segment(#"{"type":"identify","userId":"u"}"#)
        case .noConsent: .hit("en=sign_up&gcs=G100&ep.user_data.email=jane%40example.com")
        case .future: .segment(track("Signed Up", email, time: now + 3_600))
        case .tooOld: .segment(track("Signed Up", email, time: now - 700_000))
        case .bot: .segment(track("Signed Up", #""context":{"userAgent":"Pinterestbot/1.0"}"#))
        case .journalRefused: nil
        }
    }

    private func input(for reason: DeadReason) -> Input? {
        switch reason {
        case .noIdentity: .segment(track("Signed Up", #""userId":"u""#))
        case .schema: .pinterest(#"{"event_name":"lead","unknown":1}"#)
        case .notAnEvent: .segment("7")
        case .tooLarge: .segment(track("Signed Up", #""x":"\#(String(repeating: "x", count: 40_000))""#))
        case .missingEventName: .segment(#"{"type":"track","userId":"u"}"#)
        case .mappingFault, .refused, .requestRefused, .tooOld, .unsettled, .damaged: nil
        }
    }

    private func track(_ event: String, _ members: String, time: Int? = nil) -> String {
        #"{"type":"track","event":"\#(event)","messageId":"\#(UUID())","timestamp":\#(time ?? now),\#(members)}"#
    }

    private func send(_ input: Input, to stack: RelayStack) throws {
        switch input {
        case .segment(let item):
            _ = try TestHTTPClient.post(port: stack.publicPort, "/v1/batch?writeKey=w", batch(item))
        case .hit(let query): _ = try TestHTTPClient.get(port: stack.publicPort, hitTarget(query))
        case .pinterest(let event):
            _ = try TestHTTPClient.post(
                port: stack.publicPort, "/v5/ad_accounts/\(RelayStack.account)/events",
                headers: ["Authorization": "Bearer \(RelayStack.token)"], "{\"data\":[\(event)]}")
        }
    }

    /// What `explain` prints for the same input.
    private func explained(_ input: Input) throws -> String {
        let text =
            switch input {
            case .segment(let item): batch(item)
            case .hit(let query): "https://tags.shop.example" + hitTarget(query)
            case .pinterest(let event): "{\"data\":[\(event)]}"
            }
        let account = ["PINTEREST_AD_ACCOUNT_ID": RelayStack.account, "PINTEREST_CONVERSION_TOKEN": RelayStack.token]
        let folder = TemporaryFolder()
        let process = try BinaryProcess(["explain", try folder.write("input", text)], environment: account)
        _ = process.exitCode()
        return withExtendedLifetime(folder) { process.output }
    }

    private func batch(_ item: String) -> String { "{\"batch\":[\(item)]}" }
    private func hitTarget(_ query: String) -> String { "/g/collect?v=2&tid=G-1&cid=1.2&_p=1&_s=1&\(query)" }

    // MARK: Metrics

    private func labels(of counter: String, in metrics: [String: Double]) -> Set<String> {
        Set(metrics.keys.filter { $0.hasPrefix(counter + "{") }.compactMap(reason))
    }

    private func count(_ counter: String, _ label: String, _ metrics: [String: Double]) -> Double {
        metrics.filter { $0.key.hasPrefix(counter + "{") && reason($0.key) == label }.values.reduce(0, +)
    }

    private func reason(_ sample: String) -> String? {
        sample.range(of: "reason=\"").map { String(sample[$0.upperBound...].prefix { $0 != "\"" }) }
    }
}
