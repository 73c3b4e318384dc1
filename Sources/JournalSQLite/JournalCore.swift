import GRDB
import Journal
import RelayModel
import Synchronization

/// What the callers' side and the journal's thread share.
final class JournalCore: Sendable {
    let settings: JournalSettings
    let bounds: StorageBounds
    let ballast: Ballast
    private let store: Mutex<JournalStore>
    let mailbox: WriterMailbox
    let snapshot: Mutex<JournalSnapshot>
    let counters = Mutex(JournalCounters())
    /// Which events were stored before; for the journal's thread to take over.
    let openedRepeats: Mutex<RepeatIndex?>
    let destinationNames: [String]
    /// Row ids of the destinations, by their index.
    let destinationRows: [Int64]
    let nowMillis: @Sendable () -> Int64
    /// Held for its lock.
    let directory: JournalDirectory

    init(
        settings: JournalSettings, destinations: [String], _ opening: JournalOpening,
        nowMillis: @escaping @Sendable () -> Int64
    ) {
        self.settings = settings
        bounds = opening.bounds
        ballast = opening.ballast
        store = Mutex(opening.store)
        directory = opening.directory
        self.nowMillis = nowMillis
        mailbox = WriterMailbox(maxAppends: settings.maxPendingAppends, maxBytes: settings.maxPendingBytes)
        var opened = opening.recovered.snapshot
        opened.repeatKeys = opening.repeats.count
        opened.filesSetAside = opening.directory.filesSetAside.count
        snapshot = Mutex(opened)
        openedRepeats = Mutex(opening.repeats)
        destinationNames = destinations
        destinationRows = opening.recovered.destinationRows
    }

    var pool: DatabasePool { store.withLock { $0.pool } }
    var logCopier: LogCopier { store.withLock { $0.logCopier } }
    var mustReplay: Bool { store.withLock { $0.mustReplay } }

    /// Sets the file aside and opens a fresh one under its name, with the same destinations.
    /// - Returns: the name that the old one has now.
    func replaceStore() throws -> String {
        store.withLock { $0 }.close()
        let name = try directory.setAside(atMillis: nowMillis())
        let fresh = try JournalStore.open(directory, settings)
        try JournalDatabase.adopt(destinationNames, rows: destinationRows, fresh.pool)
        store.withLock { $0 = fresh }
        return name
    }

    func newLeaseMachine() -> LeaseMachine {
        LeaseMachine(destinationCount: destinationRows.count, youngMillis: settings.youngMillis)
    }

    /// Hands over the only copy, so that it is changed in place.
    func takeRepeats() -> RepeatIndex {
        openedRepeats.withLock { $0.take() } ?? RepeatIndex(windowMillis: 0, maxKeys: 1, seed: 0)
    }

    /// The place of a destination in the settings, by its name; nil when it is not configured.
    func index(ofDestination name: String) -> DestinationIndex? { destinationNames.firstIndex(of: name) }

    /// The row of a destination; nil for none, or one that is not configured.
    func row(of destination: DestinationIndex?) -> Int64? {
        destination.flatMap { destinationRows.indices.contains($0) ? destinationRows[$0] : nil }
    }
}

/// What the journal's thread has done and met since it was opened.
public struct JournalCounters: Sendable, Equatable {
    /// Synced transactions.
    public var commits = 0
    /// Block rows written; fewer than appends where commits were shared.
    public var rowsWritten = 0
    public var eventsStored = 0
    /// Appends that were refused after they had been taken: no space, or a failed store.
    public var appendsRefused = 0
    /// Settlements of blocks that were not leased: settled before, or unknown.
    public var settlementsIgnored = 0
    /// Copies of the write-ahead log into the database that ran beside the commits.
    public var logCopies = 0
    public var faults = 0
    public var lastFault: JournalError?
}
