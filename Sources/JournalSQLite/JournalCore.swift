import GRDB
import Journal
import RelayModel
import Synchronization

/// What the callers' side and the journal's thread share.
final class JournalCore: Sendable {
    let settings: JournalSettings
    let pool: DatabasePool
    let logCopier: LogCopier
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
        settings: JournalSettings, destinations: [String], pool: DatabasePool, logCopier: LogCopier,
        directory: JournalDirectory,
        recovered: RecoveredState, repeats: consuming RepeatIndex, nowMillis: @escaping @Sendable () -> Int64
    ) {
        self.settings = settings
        self.pool = pool
        self.logCopier = logCopier
        self.directory = directory
        self.nowMillis = nowMillis
        mailbox = WriterMailbox(maxAppends: settings.maxPendingAppends, maxBytes: settings.maxPendingBytes)
        var opened = recovered.snapshot
        opened.repeatKeys = repeats.count
        snapshot = Mutex(opened)
        openedRepeats = Mutex(repeats)
        destinationNames = destinations
        destinationRows = recovered.destinationRows
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
