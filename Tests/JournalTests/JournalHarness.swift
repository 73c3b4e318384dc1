import Foundation
import Journal
import JournalSQLite
import RelayModel
import Synchronization
import Testing

/// The engines that keep the contract: every contract test runs with each.
enum JournalEngine: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case sqlite

    var testDescription: String { rawValue }

    func open(
        _ directory: String, destinations: [String], clock: TestClock, maxBytes: Int64 = 10 << 30
    ) throws -> any StartableJournal {
        switch self {
        case .sqlite:
            var settings = JournalSettings(directory: directory, maxBytes: maxBytes, allowsVolatile: true)
            settings.ballastBytes = 64 << 10
            return try SQLiteJournal(settings: settings, destinations: destinations, nowMillis: { clock.millis })
        }
    }
}

/// Engines are opened first and started later.
protocol StartableJournal: EventJournal {
    func start(_ observer: any JournalObserver)
}

extension SQLiteJournal: StartableJournal {}

/// A wall clock that stands still until it is moved.
final class TestClock: Sendable {
    private let now = Atomic<Int64>(1_700_000_000_000)

    var millis: Int64 { now.load(ordering: .sequentiallyConsistent) }
    func advance(_ millis: Int64) { now.add(millis, ordering: .sequentiallyConsistent) }
}

/// A directory that is gone with its last reference; a test that goes on with its path alone removes it at its end.
final class TemporaryDirectory: Sendable {
    let path = NSTemporaryDirectory() + "journal-" + UUID().uuidString

    deinit { remove() }

    func remove() { try? FileManager.default.removeItem(atPath: path) }

    /// The files as a crash would leave them now.
    func copy() throws -> TemporaryDirectory {
        let copy = TemporaryDirectory()
        try FileManager.default.copyItem(atPath: path, toPath: copy.path)
        return copy
    }
}

/// Writes down what the journal reports, and lets a test wait for it.
final class RecordingObserver: JournalObserver, @unchecked Sendable {
    // The condition's lock guards all that follows.
    private let condition = NSCondition()
    private var outcomes: [AppendTicket: [AppendOutcome]] = [:]
    private var leases: [Lease] = []
    private var settledIDs: [Int64] = []
    private var readyDestinations: [DestinationIndex] = []
    private var faults: [(text: String, isFinal: Bool)] = []
    private var commitTimes: [Int64] = []
    private var roomFindings = 0
    private var salvageProgress: [SalvageProgress] = []
    private var repeats: [Int: Int] = [:]
    private var listedRepeats: [AppendTicket: [Int]] = [:]

    func repeated(_ counts: [Int: Int]) { change { repeats.merge(counts, uniquingKeysWith: +) } }

    func appended(_ tickets: [AppendTicket], _ outcome: AppendOutcome, repeats: [AppendTicket: [Int]]) {
        change {
            for ticket in tickets { outcomes[ticket, default: []].append(outcome) }
            listedRepeats.merge(repeats) { _, new in new }
        }
    }

    func ready(_ destinations: [DestinationIndex]) { change { readyDestinations += destinations } }
    func leased(_ lease: Lease) { change { leases.append(lease) } }
    func settled(_ settlements: [Settlement]) { change { settledIDs += settlements.map(\.blockID) } }
    func committed(micros: Int64) { change { commitTimes.append(micros) } }
    func roomFound() { change { roomFindings += 1 } }
    func salvaged(_ progress: SalvageProgress) { change { salvageProgress.append(progress) } }
    var salvages: [SalvageProgress] { condition.withLock { salvageProgress } }
    var foundRoom: Int { condition.withLock { roomFindings } }
    func faulted(_ text: String, isFinal: Bool) { change { faults.append((text, isFinal)) } }

    /// The faults told so far, and how many commits were timed.
    var told: (faults: [(text: String, isFinal: Bool)], commits: Int) {
        condition.withLock { (faults, commitTimes.count) }
    }

    /// Which events were told to be repeats, by their append; only those that asked and had any.
    var repeatPlaces: [AppendTicket: [Int]] { condition.withLock { listedRepeats } }

    /// Repeats told so far, by source.
    var repeatCounts: [Int: Int] { condition.withLock { repeats } }

    func outcomes(of ticket: AppendTicket) throws -> [AppendOutcome] {
        try wait("the ticket's answer") { outcomes[ticket] }
    }

    var answers: [AppendTicket: [AppendOutcome]] { condition.withLock { outcomes } }
    func nextLease() throws -> Lease { try wait("a lease") { leases.isEmpty ? nil : leases.removeFirst() } }

    /// Waits until that many settlements were reported in all.
    func waitSettled(total: Int) throws {
        try wait("settlements") { settledIDs.count >= total ? () : nil }
    }

    var settledTotal: Int { condition.withLock { settledIDs.count } }
    func settledCount(_ id: Int64) -> Int { condition.withLock { settledIDs.count { $0 == id } } }

    func waitReady(_ destination: DestinationIndex) throws {
        try wait("readiness") { readyDestinations.contains(destination) ? () : nil }
    }

    var ready: [DestinationIndex] { condition.withLock { readyDestinations } }

    private func change(_ body: () -> Void) {
        condition.withLock {
            body()
            condition.broadcast()
        }
    }

    private func wait<Value>(_ what: String, _ found: () -> Value?) throws -> Value {
        let deadline = Date(timeIntervalSinceNow: 20)
        return try condition.withLock {
            while true {
                if let value = found() { return value }
                if !condition.wait(until: deadline) { throw WaitedTooLong(what: what) }
            }
        }
    }
}

struct WaitedTooLong: Error {
    var what: String
}

/// A running journal with its observer, for tests that do one thing after the other.
final class JournalHarness {
    let engine: JournalEngine
    let directory: TemporaryDirectory
    let destinations: [String]
    let clock: TestClock
    private(set) var journal: any StartableJournal
    private(set) var observer = RecordingObserver()
    private var lastRequest: UInt64 = 0

    init(
        _ engine: JournalEngine, destinations: [String] = ["shop", "outlet"],
        directory: TemporaryDirectory = TemporaryDirectory(), clock: TestClock = TestClock()
    ) throws {
        (self.engine, self.directory, self.destinations, self.clock) = (engine, directory, destinations, clock)
        journal = try engine.open(directory.path, destinations: destinations, clock: clock)
        journal.start(observer)
    }

    deinit { journal.close() }

    var snapshot: JournalSnapshot { journal.snapshot }

    func reopen() throws {
        journal.close()
        journal = try engine.open(directory.path, destinations: destinations, clock: clock)
        observer = RecordingObserver()
        journal.start(observer)
    }

    func ticket() -> AppendTicket {
        lastRequest += 1
        return AppendTicket(loop: 0, request: lastRequest)
    }

    /// Appends and waits for the answer; nil when the append was not taken.
    @discardableResult
    func append(_ ids: [String], to destination: DestinationIndex = 0, dead: [DeadLetter] = []) throws -> AppendOutcome?
    {
        let ticket = ticket()
        let blocks = ids.isEmpty ? [] : [DestinationBlock(destination: destination, block: EventBlock(ids: ids))]
        guard journal.append(JournalAppend(ticket: ticket, blocks: blocks, deadLetters: dead)) else { return nil }
        let outcomes = try observer.outcomes(of: ticket)
        #expect(outcomes.count == 1)
        return outcomes.first
    }

    func lease(_ maxEvents: Int = 1000, from destination: DestinationIndex = 0) throws -> Lease {
        journal.lease(LeaseRequest(destination: destination, maxEvents: maxEvents))
        return try observer.nextLease()
    }

    /// Settles and waits until all of it is reported as committed.
    func settle(_ settlements: [Settlement]) throws {
        let total = observer.settledTotal + settlements.count
        journal.settle(settlements)
        try observer.waitSettled(total: total)
    }
}

extension EventBlock {
    /// One event per id; the id is all that stands in its JSON.
    init(ids: [String]) {
        self.init()
        for id in ids {
            append(nameCode: StandardEvent.checkout.rawValue, eventTime: 1_700_000_000, json: Array(id.utf8))
        }
    }

    var ids: [String] { entries.map { String(decoding: payload[$0.json], as: UTF8.self) } }
}

extension Lease {
    var ids: [String] { blocks.flatMap(\.block.ids) }
}

extension LeasedBlock {
    /// All of the block's events were delivered.
    func delivered(_ destination: DestinationIndex = 0) -> Settlement {
        var settlement = Settlement(blockID: id, destination: destination)
        settlement.delivered = [StandardEvent.checkout.rawValue: block.eventCount]
        return settlement
    }

    /// These events stay; the others were delivered.
    func remaining(
        _ ids: [String], dueMillis: Int64 = 0, attempts: Int = 1, _ destination: DestinationIndex = 0
    ) -> Settlement {
        var settlement = Settlement(blockID: id, destination: destination)
        settlement.delivered = [StandardEvent.checkout.rawValue: block.eventCount - ids.count]
        settlement.remaining = Settlement.Remainder(
            block: EventBlock(ids: ids), attempts: attempts, dueMillis: dueMillis)
        return settlement
    }
}

extension DeadLetter {
    static func sample(_ id: String, destination: DestinationIndex? = 0) -> DeadLetter {
        DeadLetter(
            destination: destination, source: "web", eventName: "purchase", eventID: id, eventTime: 1_700_000_000,
            reason: .refused, message: "no such currency", attempts: 2, json: Array(id.utf8))
    }
}
