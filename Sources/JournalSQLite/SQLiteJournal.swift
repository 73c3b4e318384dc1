// The embedded journal: SQLite with a write-ahead log, through GRDB.
//
// What it may touch: its directory, one thread of its own, the wall clock. Nothing leaves it but the protocol's types.
//
// How it works: callers post to a mailbox; the journal's thread takes all that waits, commits it as one synced
// transaction (natural group commit: the next group forms while this one syncs, no timer), and then reports. Appends,
// settlements and dead letters share the transactions, so delivery costs no sync of its own.
//
// Invariants:
// - The writer's connection runs with `synchronous=FULL` and a write-ahead log, asserted at open: a ticket is `stored`
//   only after the sync.
// - Only the journal's thread writes. The `LeaseMachine` is confined to it.
// - A failed sync is never retried: the store takes nothing more until a new start.
// - A damaged file is never deleted: it is set aside under another name, what can be read of it is queued again, and
//   appends go on into a fresh file.
// - Room is kept so that a full disk stops appends alone: settlements and the copying of the log go on.
// - A settlement that could not be committed keeps its block leased, so its events may be sent twice but are not lost.

import Foundation
import GRDB
public import Journal
import RelayModel
import Synchronization

/// A journal in one directory, for one process.
public final class SQLiteJournal: EventJournal {
    /// Queued events of destinations that are no longer configured, by name: they wait until it is again.
    public let stranded: [String: Int]

    private let core: JournalCore
    private let nextBlockID: Int64
    private let deadLetterBytes: Int64
    private let wasUnclean: Bool
    private let wasDamaged: Bool
    private let phase = Mutex(Phase.opened)
    private let ended = DispatchSemaphore(value: 0)

    private enum Phase { case opened, started, closed }

    /// Opens or creates the journal; its queue is known from then on, but it takes nothing before ``start(_:)``.
    ///
    /// - Parameters:
    ///   - destinations: the configured names; their order gives the destination indexes.
    ///   - nowMillis: the wall clock, milliseconds since 1970.
    public init(
        settings: JournalSettings, destinations: [String],
        nowMillis: @escaping @Sendable () -> Int64 = SQLiteJournal.wallClockMillis
    ) throws(JournalError) {
        try Self.validate(settings)
        do {
            let opening = try JournalOpening(settings, destinations: destinations, nowMillis: nowMillis())
            (nextBlockID, deadLetterBytes) = (opening.recovered.nextBlockID, opening.recovered.deadLetterBytes)
            (wasUnclean, wasDamaged) = (opening.wasUnclean, opening.wasDamaged)
            stranded = opening.recovered.stranded
            core = JournalCore(settings: settings, destinations: destinations, opening, nowMillis: nowMillis)
        } catch {
            throw JournalError(error, operation: "open the journal")
        }
    }

    deinit { core.mailbox.close() }

    /// Starts the journal's thread. The observer is held until ``close()``; destinations with recovered events are
    /// reported to it as ready.
    public func start(_ observer: any JournalObserver) {
        let starts = phase.withLock { phase in
            defer { if phase == .opened { phase = .started } }
            return phase == .opened
        }
        guard starts else { return }
        let (core, nextBlockID, deadLetterBytes, ended) = (core, nextBlockID, deadLetterBytes, ended)
        let (wasUnclean, wasDamaged) = (wasUnclean, wasDamaged)
        let thread = Thread {
            JournalWriter(
                core: core, observer: observer, nextBlockID: nextBlockID, deadLetterBytes: deadLetterBytes,
                repeats: core.takeRepeats()
            ).run(afterUncleanEnd: wasUnclean, keysAreUnstored: wasDamaged)
            ended.signal()
        }
        thread.name = "journal"
        core.mailbox.open()
        thread.start()
    }

    public func append(_ append: JournalAppend) -> Bool {
        let destinations = core.destinationRows.indices
        guard append.blocks.allSatisfy({ destinations.contains($0.destination) }) else { return false }
        return core.mailbox.post(append)
    }

    public func lease(_ request: LeaseRequest) {
        core.mailbox.post(request)
    }

    public func settle(_ settlements: [Settlement]) {
        if !settlements.isEmpty { core.mailbox.post(settlements) }
    }

    public var snapshot: JournalSnapshot { core.snapshot.withLock { $0 } }

    /// What the journal's thread has done and met.
    public var counters: JournalCounters { core.counters.withLock { $0 } }

    /// Not to be called from the observer: it waits for the journal's thread.
    public func close() {
        core.mailbox.close()
        let waits = phase.withLock { phase in
            defer { phase = .closed }
            return phase == .started
        }
        guard waits else { return }
        ended.wait()
    }

    /// The newest dead letters first, read beside the running journal; waits for the disk.
    public func deadLetters(
        limit: Int, olderThan id: Int64 = .max, matching filter: DeadLetterFilter = DeadLetterFilter()
    ) throws(JournalError) -> [StoredDeadLetter] {
        do {
            return try core.pool.read { db in
                try DeadLetterTable(db).find(filter, .newestFirst(below: id), limit: limit)
            }
        } catch {
            throw JournalError(error, operation: "read dead letters")
        }
    }

    /// Puts dead letters back into the queue, in one synced transaction.
    /// - Parameter whenDone: called once, on the journal's thread; not at all when this returns false.
    /// - Returns: false when the journal is closed or was not started.
    public func replay(
        _ order: ReplayOrder, whenDone: @escaping @Sendable (Result<ReplayResult, JournalError>) -> Void
    ) -> Bool {
        phase.withLock { $0 == .started }
            && core.mailbox.post(ReplayRequest(order: order, whenDone: whenDone))
    }

    /// Milliseconds since 1970.
    public static let wallClockMillis: @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970 * 1000) }

    /// A value as the writer's connection sees it.
    package func _testWriterValue(_ sql: String) throws -> String? {
        try core.pool.writeWithoutTransaction { db in try String.fetchOne(db, sql: sql) }
    }

    private static func validate(_ settings: JournalSettings) throws(JournalError) {
        if settings.directory.isEmpty { throw .setting(name: "path") }
        if settings.maxBytes <= 0 { throw .setting(name: "max_bytes") }
        if settings.maxPendingAppends <= 0 || settings.maxPendingBytes <= 0 { throw .setting(name: "max_pending") }
        if settings.ballastBytes < 0 || settings.minFreeBytes < 0 { throw .setting(name: "min_free_bytes") }
        if settings.repeatWindowMillis < 0 || settings.maxRepeatKeys <= 0 { throw .setting(name: "repeats") }
    }
}
