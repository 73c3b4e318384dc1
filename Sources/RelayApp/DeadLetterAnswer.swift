import Foundation
import Journal
import JournalSQLite
import RelayModel

/// What a ``DeadLetterCall`` is answered with: JSON, as the admin port sends it.
public struct DeadLetterAnswer: Sendable {
    public var status: Int
    public var body: [UInt8]

    init(_ status: Int, _ value: some Encodable) {
        self.status = status
        body = Self.json(value)
    }

    init(status: Int, body: [UInt8]) {
        self.status = status
        self.body = body
    }

    static func fault(_ status: Int, _ code: String, _ message: String) -> DeadLetterAnswer {
        DeadLetterAnswer(status, DeadLetterProblem(code: code, message: message))
    }

    static func json(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return [UInt8]((try? encoder.encode(value)) ?? Data("{}".utf8))
    }

    /// The body as one of the types below; nil when it is another.
    public func decoded<Value: Decodable>(_ type: Value.Type = Value.self) -> Value? {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try? decoder.decode(type, from: Data(body))
    }
}

public struct DeadLetterProblem: Codable, Sendable {
    public var code: String
    public var message: String
}

/// One dead letter as it is shown: names, ids and reasons, no event.
public struct DeadLetterLine: Codable, Sendable, Equatable {
    public var id: Int64
    /// Nil when the event fell before a destination was chosen.
    public var destination: String?
    /// Nil for an event that fell in delivery.
    public var source: String?
    public var eventName: String
    public var eventID: String
    /// Seconds since 1970; nil when unknown.
    public var eventTime: Int64?
    public var reason: String
    /// The reason in a sentence; empty for one of another version.
    public var reasonText: String
    /// The upstream's words, or the field at fault.
    public var message: String
    /// How often its delivery was tried.
    public var attempts: Int
    /// When it became a dead letter, RFC 3339.
    public var storedAt: String
    /// Why it cannot be replayed: a label of ``ReplayRefusal``; nil when it can.
    public var notReplayable: String?

    private enum CodingKeys: String, CodingKey {
        // As the key strategies spell it.
        case id, destination, source, eventName, eventTime, reason, reasonText, message, attempts, storedAt
        case notReplayable
        case eventID = "eventId"
    }

    init(_ letter: StoredDeadLetter, isKnownDestination: Bool, oldestEventTime: Int64) {
        id = letter.id
        destination = letter.destination
        source = letter.source.isEmpty ? nil : letter.source
        eventName = letter.eventName
        eventID = letter.eventID
        eventTime = letter.eventTime == 0 ? nil : letter.eventTime
        reason = letter.reason
        reasonText = DeadReason(rawValue: letter.reason)?.text ?? ""
        message = letter.message
        attempts = letter.attempts
        let date = Date(timeIntervalSince1970: Double(letter.storedMillis / 1000))
        storedAt = ISO8601DateFormatter().string(from: date)
        notReplayable =
            ReplayRefusal(
                reason: letter.reason, eventTime: letter.eventTime, hasEvent: !letter.json.isEmpty,
                isKnownDestination: isKnownDestination, oldestEventTime: oldestEventTime)?.rawValue
    }
}

public struct DeadLetterList: Codable, Sendable {
    /// The newest first.
    public var deadLetters: [DeadLetterLine]
    /// What `before` takes for the next page; nil when this is the last.
    public var next: Int64?
}

public struct DeadLetterReplayReport: Codable, Sendable {
    public struct Refused: Codable, Sendable {
        public var reason: String
        public var count: Int
        public var message: String
    }

    public var dryRun: Bool
    /// Events that are queued again, or would be.
    public var replayed: Int
    public var byDestination: [String: Int]
    public var refused: [Refused]
    /// What `after` takes to go on; nil when all letters that fit were looked at.
    public var next: Int64?
    /// What `through` takes to go on, so that events which die again do not come round.
    public var through: Int64

    init(_ result: ReplayResult, isDryRun: Bool, destinations: [String]) {
        dryRun = isDryRun
        replayed = result.replayedCount
        byDestination = [:]
        for (index, count) in result.replayed { byDestination[destinations[index]] = count }
        refused = ReplayRefusal.allCases.compactMap { refusal in
            result.refused[refusal].map { Refused(reason: refusal.rawValue, count: $0, message: refusal.text) }
        }
        next = result.nextAfterID
        through = result.throughID
    }

    /// Takes in the report of the next part.
    public mutating func add(_ more: DeadLetterReplayReport) {
        replayed += more.replayed
        byDestination.merge(more.byDestination, uniquingKeysWith: +)
        for part in more.refused {
            if let place = refused.firstIndex(where: { $0.reason == part.reason }) {
                refused[place].count += part.count
            } else {
                refused.append(part)
            }
        }
        next = more.next
    }
}
