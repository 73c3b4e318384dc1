import Dispatch
import GRDB
import Journal
import Synchronization

// What happens while there is no room, or a commit failed in a way that may pass: senders are told to come back, and the
// journal looks for room again by itself, since without senders nothing else would make it look.
extension JournalWriter {
    /// How often it is tried again while something waits for it.
    static let retryPeriod = DispatchTimeInterval.seconds(1)
    /// How often the journal looks after itself while nobody wants anything.
    static let idlePeriod = DispatchTimeInterval.seconds(60)

    /// True while something can only go on by trying again.
    var mustRetry: Bool { !hasFailed && (isRefusing || !unsettled.isEmpty) }

    /// From now on, until there is room again, one event could not be stored.
    func startRefusing() {
        guard !isRefusing else { return }
        isRefusing = true
        core.snapshot.withLock { $0.takesAppends = false }
        guard !hasFailed else { return }
        observer.faulted("appends are refused: the journal is full or its disk refuses writes", isFinal: false)
    }

    /// Ends the refusal as soon as a small write would fit and does succeed.
    func lookForRoom() {
        guard isRefusing, !hasFailed, hasRoom(for: [Self.smallAppend]), canWrite() else { return }
        isRefusing = false
        core.snapshot.withLock { $0.takesAppends = true }
        observer.roomFound()
    }

    /// An append that stands for the next event to come.
    private static let smallAppend: JournalAppend = {
        var block = EventBlock()
        block.append(nameCode: 0, eventTime: 0, json: [UInt8](repeating: 0, count: 4096))
        return JournalAppend(
            ticket: AppendTicket(loop: 0, request: 0), blocks: [DestinationBlock(destination: 0, block: block)],
            deadLetters: [])
    }()

    private func canWrite() -> Bool {
        do {
            try core.pool.writeWithoutTransaction { db in
                try db.inTransaction(.immediate) {
                    try db.execute(sql: "UPDATE destinations SET name = name")
                    try core.settings._testFaults.beforeCommit(db)
                    return .commit
                }
            }
            log.wrote(byteCount: 0)
            return true
        } catch {
            return false
        }
    }
}
