import Delivery
import JSONTape
import Journal
import RelayModel
import RelayTestKit
import Testing

/// Delivery in virtual time: steady events for several accounts, calls that take as long as the account's mood says, and
/// a client with so many connections for all, which serves calls in their order.
private final class FairnessTrial {
    enum Mood: CaseIterable {
        case healthy, hangs, fails, refuses, limits, unreachable
    }

    private enum Occurrence {
        case events(DestinationIndex)
        case answer(BatchID, DestinationIndex)
    }

    private let machine: DeliveryMachine<JSONTapeParser, SeededRandom>
    private var journal: ModelJournal
    private let moods: [Mood]
    private var now = MachineRig.start
    private var agenda: [(time: Int64, order: Int, what: Occurrence)] = []
    private var order = 0
    private var wake: Int64?
    private var leases: [LeaseRequest] = []
    private var freeConnections: Int
    private var queue: [OutgoingBatch] = []
    private var flying: [BatchID: OutgoingBatch] = [:]
    /// Each account has its own dice, so that one's mood does not change another's times.
    private var dice: [SeededRandom]
    private var made: [Int] = []
    private var storedAt: [[String: Int64]]
    /// From storing to delivery, milliseconds, by account.
    private(set) var delays: [[Int64]]
    private(set) var lateEvents: [Int]

    /// - Parameters:
    ///   - share: calls that one account may have under way.
    init(moods: [Mood], connections: Int, share: Int) {
        self.moods = moods
        let destination = DestinationSettings(
            urlBase: "https://api.example", adAccountID: "1", authorization: AuthorizationValue("Bearer t"))
        var settings = DeliverySettings(destinations: Array(repeating: destination, count: moods.count))
        settings.maxInFlightPerDestination = share
        machine = DeliveryMachine(settings: settings, parser: JSONTapeParser(), random: SeededRandom(seed: 5))
        journal = ModelJournal(destinations: moods.count)
        freeConnections = connections
        dice = moods.indices.map { SeededRandom(seed: UInt64(100 + $0)) }
        made = moods.map { _ in 0 }
        storedAt = moods.map { _ in [:] }
        delays = moods.map { _ in [] }
        lateEvents = moods.map { _ in 0 }
    }

    func run(minutes: Int64) throws {
        let end = now + minutes * 60_000
        for account in moods.indices { plan(.events(account), at: now + 1) }
        while true {
            let next = agenda.indices.min {
                agenda[$0].time != agenda[$1].time
                    ? agenda[$0].time < agenda[$1].time : agenda[$0].order < agenda[$1].order
            }
            let time = min(next.map { agenda[$0].time } ?? .max, wake ?? .max)
            guard time <= end else { return }
            now = max(now, time)
            if let due = wake, due <= now {
                wake = nil
                try perform(machine.timePassed(now: now))
            } else if let next {
                try meet(agenda.remove(at: next).what)
            }
        }
    }

    private func plan(_ what: Occurrence, at time: Int64) {
        order += 1
        agenda.append((time, order, what))
    }

    private func meet(_ what: Occurrence) throws {
        switch what {
        case .events(let account):
            let ids = (0..<Int.random(in: 1...20, using: &dice[account])).map { index in "\(made[account] + index)" }
            made[account] += ids.count
            journal.append(block(ids, time: now / 1000), to: account)
            for id in ids { storedAt[account][id] = now }
            plan(.events(account), at: now + Int64.random(in: 20...80, using: &dice[account]))
            try perform(machine.journalReady(account, now: now))
        case .answer(let id, let account):
            freeConnections += 1
            guard let batch = flying.removeValue(forKey: id) else { return }
            let outcome = outcome(of: batch, account)
            if moods[account] == .healthy {
                for id in batch.ids {
                    if let stored = storedAt[account].removeValue(forKey: id) { delays[account].append(now - stored) }
                }
            }
            startQueued()
            try perform(machine.responded(id, outcome, now: now))
        }
    }

    private func outcome(of batch: OutgoingBatch, _ account: DestinationIndex) -> UpstreamOutcome {
        switch moods[account] {
        case .healthy: ok(batch)
        case .hangs: .failed(.timeout, retriable: true)
        case .fails: answered(503)
        case .refuses: answered(401)
        case .limits: answered(429, reset: 5)
        case .unreachable: .failed(.tls, retriable: false)
        }
    }

    private func startQueued() {
        while freeConnections > 0, !queue.isEmpty {
            let batch = queue.removeFirst()
            freeConnections -= 1
            flying[batch.id] = batch
            let account = batch.destination
            let time = moods[account] == .hangs ? 30_000 : Int64.random(in: 80...240, using: &dice[account])
            plan(.answer(batch.id, account), at: now + time)
        }
    }

    private func perform(_ actions: [DeliveryAction]) throws {
        for action in actions {
            switch action {
            case .settle(let settlements): for settlement in settlements { try journal.settle(settlement) }
            case .requestLease(let request): leases.append(request)
            case .send(let batch): queue.append(batch)
            case .wakeAt(let millis): wake = millis
            case .report(.deliveredLate(let account, let events)): lateEvents[account] += events
            case .report: break
            }
        }
        startQueued()
        while !leases.isEmpty {
            let request = leases.removeFirst()
            try perform(machine.leaseArrived(journal.lease(request, now: now), now: now))
        }
    }
}

extension [Int64] {
    fileprivate func percentile(_ share: Double) -> Int64 { sorted()[Int(Double(count - 1) * share)] }
}

@Suite("Delivery: one account's trouble costs another nothing", .serialized)
struct DeliveryFairnessTests {
    /// What the healthy account sees when all are healthy.
    private static let quiet = Result { try delays(besides: .healthy) }

    private static func delays(besides mood: FairnessTrial.Mood) throws -> [Int64] {
        // The connections and the share that eight connections and three destinations give.
        let trial = FairnessTrial(moods: [mood, .healthy, mood], connections: 8, share: 2)
        try trial.run(minutes: 2)
        #expect(trial.lateEvents[1] == 0)
        #expect(trial.delays[1].count > 20_000)
        return trial.delays[1]
    }

    @Test(
        "the healthy account's p99 changes by less than 5 % and no event is late",
        arguments: [
            "hangs", "fails", "refuses", "limits", "unreachable",
        ])
    fileprivate func oneDown(name: String) throws {
        let mood = try #require(FairnessTrial.Mood.allCases.first { "\($0)" == name })
        let quiet = try Self.quiet.get()
        let troubled = try Self.delays(besides: mood)
        let (before, after) = (Double(quiet.percentile(0.99)), Double(troubled.percentile(0.99)))
        #expect(abs(after - before) < 0.05 * before, "p99 \(before) ms, then \(after) ms")
        #expect((troubled.max() ?? .max) < 3_600_000)
    }

    @Test("the trial can fail: with shares that exceed the connections, hanging accounts hold up the healthy one")
    func control() throws {
        let trial = FairnessTrial(moods: [.hangs, .healthy, .hangs], connections: 2, share: 2)
        try trial.run(minutes: 2)
        #expect(trial.delays[1].isEmpty || trial.delays[1].percentile(0.99) > 10_000)
    }
}
