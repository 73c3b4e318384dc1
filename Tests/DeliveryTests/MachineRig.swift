import Delivery
import JSONTape
import Journal
import RelayModel
import RelayTestKit
import Testing

/// A journal in memory that keeps the contract: a leased block is out until it is settled.
struct ModelJournal {
    struct Row {
        let id: Int64
        var attempts = 0
        var dueMillis: Int64 = 0
        var block: EventBlock
        var isLeased = false
    }

    private(set) var rows: [[Row]]
    private var lastID: Int64 = 0
    private(set) var settlements: [Settlement] = []

    init(destinations: Int) { rows = Array(repeating: [], count: destinations) }

    @discardableResult
    mutating func append(_ block: EventBlock, to destination: Int, attempts: Int = 0) -> Int64 {
        lastID += 1
        rows[destination].append(Row(id: lastID, attempts: attempts, block: block))
        return lastID
    }

    mutating func lease(_ request: LeaseRequest, now: Int64) -> Lease {
        var blocks: [LeasedBlock] = []
        var events = 0
        let free = rows[request.destination].indices.filter { !rows[request.destination][$0].isLeased }
        let due = free.filter { rows[request.destination][$0].dueMillis <= now }
        for index in due where events < request.maxEvents {
            rows[request.destination][index].isLeased = true
            let row = rows[request.destination][index]
            events += row.block.eventCount
            blocks.append(LeasedBlock(id: row.id, attempts: row.attempts, storedMillis: 0, block: row.block))
        }
        let next = free.map { rows[request.destination][$0].dueMillis }.filter { $0 > now }.min()
        return Lease(
            destination: request.destination, blocks: blocks, moreIsDue: due.count > blocks.count,
            nextDueMillis: next)
    }

    /// Takes a settlement and checks that it accounts for each event of its block once.
    mutating func settle(_ settlement: Settlement) throws {
        settlements.append(settlement)
        let place = try #require(rows[settlement.destination].firstIndex { $0.id == settlement.blockID })
        let row = rows[settlement.destination][place]
        #expect(row.isLeased)
        let kept = settlement.remaining.map { eventIDs($0.block) } ?? []
        // The id as it stands in the event: the letter's own may be masked.
        let dead = settlement.deadLetters.map { eventID($0.json[...]) }
        let delivered = settlement.delivered.values.reduce(0, +)
        #expect(delivered + dead.count + kept.count == row.block.eventCount)
        #expect(Set(kept + dead).count == kept.count + dead.count)
        #expect(Set(kept + dead).isSubset(of: eventIDs(row.block)))
        if let remaining = settlement.remaining {
            #expect(remaining.attempts == row.attempts || remaining.attempts == row.attempts + 1)
            rows[settlement.destination][place] = Row(
                id: row.id, attempts: remaining.attempts, dueMillis: remaining.dueMillis, block: remaining.block)
        } else {
            rows[settlement.destination].remove(at: place)
        }
    }

    var deadLetters: [DeadLetter] { settlements.flatMap(\.deadLetters) }
    var deliveredCount: Int { settlements.reduce(0) { $0 + $1.delivered.values.reduce(0, +) } }
    func queuedIDs(_ destination: Int = 0) -> [String] { rows[destination].flatMap { eventIDs($0.block) } }
}

/// The ids of the events in a block whose JSON is ``encoded(_:)``.
func eventIDs(_ block: EventBlock) -> [String] { block.entries.map { eventID(block.payload[$0.json]) } }

private func eventID(_ json: ArraySlice<UInt8>) -> String {
    String(String(decoding: json, as: UTF8.self).dropFirst(#"{"event_id":""#.count).prefix { $0 != "\"" })
}

func encoded(_ id: String) -> [UInt8] { Array(#"{"event_id":"\#(id)","event_name":"checkout"}"#.utf8) }

func block(_ ids: some Sequence<String>, time: Int64 = MachineRig.start / 1000) -> EventBlock {
    var block = EventBlock()
    for id in ids { block.append(nameCode: StandardEvent.checkout.rawValue, eventTime: time, json: encoded(id)) }
    return block
}

func names(_ prefix: String, _ count: Int) -> [String] { (0..<count).map { "\(prefix)\($0)" } }

/// A machine with a model journal, a clock that the test moves, and calls that the test answers.
final class MachineRig {
    static let start: Int64 = 1_760_000_000_000

    let machine: DeliveryMachine<JSONTapeParser, SeededRandom>
    var journal: ModelJournal
    var now = MachineRig.start
    /// Calls that wait for their answer.
    var calls: [OutgoingBatch] = []
    var callCount = 0
    var facts: [DeliveryFact] = []
    var leaseRequests: [LeaseRequest] = []
    var wake: Int64?
    /// When set, lease requests wait until the test answers them.
    var holdsLeases = false

    init(
        destinations: Int = 1, seed: UInt64 = 1, testMode: Bool = false,
        _ change: (inout DeliverySettings) -> Void = { _ in }
    ) {
        let destination = DestinationSettings(
            urlBase: "https://api.example", adAccountID: "1", authorization: AuthorizationValue("Bearer t"),
            testMode: testMode)
        var settings = DeliverySettings(destinations: Array(repeating: destination, count: destinations))
        // Most tests are not about finding out how many calls may be under way.
        settings.initialInFlight = 64
        change(&settings)
        machine = DeliveryMachine(settings: settings, parser: JSONTapeParser(), random: SeededRandom(seed: seed))
        journal = ModelJournal(destinations: destinations)
    }

    func add(_ ids: [String], to destination: Int = 0, attempts: Int = 0, time: Int64 = MachineRig.start / 1000) {
        journal.append(block(ids, time: time), to: destination, attempts: attempts)
    }

    func ready(_ destination: Int = 0) throws { try perform(machine.journalReady(destination, now: now)) }

    func pass(_ millis: Int64) throws {
        now += millis
        try perform(machine.timePassed(now: now))
    }

    func answerLeases() throws {
        let requests = leaseRequests
        leaseRequests = []
        for request in requests {
            try perform(machine.leaseArrived(journal.lease(request, now: now), now: now))
        }
    }

    func answer(_ outcome: (OutgoingBatch) -> UpstreamOutcome) throws {
        let call = calls.removeFirst()
        try perform(machine.responded(call.id, outcome(call), now: now))
    }

    /// Answers calls as they come until none waits.
    func answerAll(_ outcome: (OutgoingBatch) -> UpstreamOutcome) throws {
        while !calls.isEmpty { try answer(outcome) }
    }

    func perform(_ actions: [DeliveryAction]) throws {
        for action in actions {
            switch action {
            case .settle(let settlements): for settlement in settlements { try journal.settle(settlement) }
            case .requestLease(let request): leaseRequests.append(request)
            case .send(let batch):
                callCount += 1
                calls.append(batch)
            case .wakeAt(let millis): wake = millis
            case .report(let fact): facts.append(fact)
            }
        }
        if !holdsLeases, !leaseRequests.isEmpty { try answerLeases() }
    }
}

extension OutgoingBatch {
    /// The ids in the body, in order.
    var ids: [String] {
        String(decoding: call.body, as: UTF8.self).split(separator: "\"event_id\":\"").dropFirst().map {
            String($0.prefix { $0 != "\"" })
        }
    }
}

/// A 200 that fails the events for which `failure` has a message.
func ok(_ batch: OutgoingBatch, failing failure: (String) -> String? = { _ in nil }) -> UpstreamOutcome {
    let events = batch.ids.map { id in
        failure(id).map { #"{"status":"failed","error_message":"\#($0)"}"# } ?? #"{"status":"processed"}"#
    }
    return answered(200, #"{"events":[\#(events.joined(separator: ","))]}"#)
}

func answered(_ status: Int, _ body: String = "", retryAfter: Int64? = nil, reset: Int64? = nil) -> UpstreamOutcome {
    .answered(
        UpstreamAnswer(
            status: status, retryAfterSeconds: retryAfter, rateLimitResetSeconds: reset, requestID: "rid",
            body: Array(body.utf8)))
}
