import Foundation
import Journal
import RelayModel
import Telemetry

/// The answer of `GET /api/events`: the last events of all threads, the newest first, names and ids masked.
struct SeenEventList: Encodable {
    struct Line: Encodable, Equatable {
        /// RFC 3339, in UTC.
        var at: String
        var source: String
        /// As sent.
        var name: String
        /// Pinterest's; nil for an event that got none.
        var eventName: String?
        var eventID: String?
        /// `sendable`, `not_sent` or `dead`.
        var outcome: String
        var reason: String?
        /// What its person is known by.
        var identifiers: [String]
        /// How many get it.
        var destinations: Int

        private enum CodingKeys: String, CodingKey {
            // As the key strategy of the encoder spells it.
            case at, source, name, eventName, outcome, reason, identifiers, destinations
            case eventID = "eventId"
        }
    }

    var events: [Line]
    /// False when a thread did not answer in time: its events are missing.
    var isComplete: Bool
}

extension SeenEventList.Line {
    init(_ event: SeenEvent, sources: [String]) {
        let time = Date(timeIntervalSince1970: Double(event.atMicros) / 1_000_000)
        at = time.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        source = sources.indices.contains(event.source) ? sources[event.source] : ""
        name = Self.shown(event.name)
        eventName = event.nameCode.map { StandardEvent(rawValue: $0)?.apiName.description ?? "advertiser_defined" }
        let id = Self.shown(event.eventID)
        eventID = id.isEmpty ? nil : id
        identifiers = event.identifiers.names
        switch event.outcome {
        case .sendable(let copies): (outcome, reason, destinations) = ("sendable", nil, copies)
        case .notSent(let why): (outcome, reason, destinations) = ("not_sent", why.rawValue, 0)
        case .dead(let why): (outcome, reason, destinations) = ("dead", why.rawValue, 0)
        }
    }

    private static func shown(_ text: ShortText) -> String { text.string.map(DeadLetter.masked) ?? "<masked>" }
}

/// What is asked of `/api/events`.
struct SeenEventQuery {
    private static let names: Set = ["source", "name", "outcome", "limit"]
    private static let maxLimit = 1000

    private let parameters: [String: String]
    let limit: Int

    /// - Throws: for a name that has no meaning: a misspelt filter must not look like an empty answer.
    init(_ parameters: [String: String]) throws(DeadLetterFault) {
        if let unknown = parameters.keys.sorted().first(where: { !Self.names.contains($0) }) {
            let known = Self.names.sorted().joined(separator: ", ")
            throw DeadLetterFault(message: "\(DeadLetter.masked(unknown)) is unknown; there are \(known)")
        }
        guard let limit = Int(parameters["limit"] ?? "100"), 1...Self.maxLimit ~= limit else {
            throw DeadLetterFault(message: "limit is a number from 1 to \(Self.maxLimit)")
        }
        self.parameters = parameters
        self.limit = limit
    }

    /// The lines that were asked for, the newest first.
    func lines(of events: [SeenEvent], sources: [String]) -> [SeenEventList.Line] {
        let ordered = events.sorted { $0.atMicros > $1.atMicros }
        return Array(ordered.lazy.map { SeenEventList.Line($0, sources: sources) }.filter(takes).prefix(limit))
    }

    private func takes(_ line: SeenEventList.Line) -> Bool {
        let (source, name, outcome) = (parameters["source"], parameters["name"], parameters["outcome"])
        return (source == nil || source == line.source)
            && (name == nil || name == line.name || name == line.eventName)
            && (outcome == nil || outcome == line.outcome || outcome == line.reason)
    }
}
