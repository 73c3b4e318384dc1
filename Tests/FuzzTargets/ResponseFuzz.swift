import Delivery
import JSONTape
import Journal
import RelayModel

/// The upstream's answers. A machine with one leased block gets the same answer to every call until it has given the
/// block back: each event has to end in one place, and no message may be longer than what is kept.
final class ResponseFuzz: FuzzRoom {
    private typealias Machine = DeliveryMachine<JSONTapeParser, CountingRandom>

    fileprivate struct Answer {
        var status: Int64
        var events: Int
        var waitSeconds: Int64?
        var body: [UInt8]
    }

    private let parser = JSONTapeParser()

    func run(_ input: Span<UInt8>) throws(FuzzFinding) {
        let answer = Answer(input)
        let machine = Machine(settings: .oneAccount, parser: parser, random: CountingRandom())
        var now = receivedAtMicros / 1000
        var block = EventBlock()
        for index in 0..<answer.events {
            block.append(
                nameCode: 0, eventTime: now / 1000,
                json: #"{"event_id":"e\#(index)","event_name":"checkout"}"#.utf8)
        }
        let leased = LeasedBlock(id: 1, attempts: 0, storedMillis: now, block: block)
        let lease = Lease(destination: 0, blocks: [leased], moreIsDue: false, nextDueMillis: nil)
        _ = machine.journalReady(0, now: now)
        var settled = 0
        var actions = machine.leaseArrived(lease, now: now)
        for _ in 0..<200 where !machine.isIdle {
            settled += try take(actions)
            let calls = actions.compactMap { if case .send(let batch) = $0 { batch.id } else { nil } }
            actions = calls.flatMap { machine.responded($0, answer.outcome, now: now) }
            if calls.isEmpty {
                now += 15 * 60_000
                actions = machine.timePassed(now: now)
            }
        }
        settled += try take(actions)
        try require(machine.isIdle, "a block of \(answer.events) events is never given back")
        try require(settled == answer.events, "\(settled) of \(answer.events) events are settled")
    }

    /// Looks at what the machine says.
    /// - Returns: how many events it settles.
    private func take(_ actions: [DeliveryAction]) throws(FuzzFinding) -> Int {
        var settled = 0
        for action in actions {
            switch action {
            case .settle(let settlements):
                for settlement in settlements {
                    settled += settlement.delivered.values.reduce(0, +) + settlement.deadLetters.count
                    settled += settlement.remaining?.block.eventCount ?? 0
                    for letter in settlement.deadLetters { try isShort(letter.message) }
                }
            case .report(.warned(_, _, let sample)): try isShort(sample)
            case .report(.shut(_, _, _, let message)): try isShort(message)
            default: break
            }
        }
        return settled
    }

    /// 300 bytes of the upstream's text, with status and code before them.
    private func isShort(_ message: String) throws(FuzzFinding) {
        try require(message.utf8.count <= 350, "a message has \(message.utf8.count) bytes")
        try require(!message.utf8.contains(UInt8(ascii: "@")), "a message shows a mail address")
    }
}

extension ResponseFuzz.Answer {
    fileprivate init(_ input: Span<UInt8>) {
        let (line, rest) = input.lineAndRest
        let words = String(decoding: input.copied(line), as: UTF8.self).split(separator: " ")
        status = words.first.flatMap { Int64($0) } ?? 200
        events = Int(words.dropFirst().first.flatMap { UInt8($0) } ?? 1) % 10 + 1
        waitSeconds = words.dropFirst(2).first.flatMap { Int64($0) }
        body = input.copied(rest)
    }

    fileprivate var outcome: UpstreamOutcome {
        .answered(
            UpstreamAnswer(
                status: Int(status), retryAfterSeconds: waitSeconds, rateLimitResetSeconds: waitSeconds, body: body))
    }
}

extension DeliverySettings {
    fileprivate static var oneAccount: DeliverySettings {
        DeliverySettings(destinations: [
            DestinationSettings(
                urlBase: "https://api.example", adAccountID: "1", authorization: AuthorizationValue("Bearer t"))
        ])
    }
}

/// The same numbers in every run.
struct CountingRandom: RandomNumberGenerator {
    private var state: UInt64 = 0

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return state ^ state >> 29
    }
}
