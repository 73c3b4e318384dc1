import Dispatch
import GRDB
import Journal
import Synchronization

// What happens while there is no room, or a commit failed in a way that may pass: senders are told to come back, and the
// journal looks for room again by itself, since without senders nothing else would make it look.
extension JournalWriter {
    /// How often it is tried again while something waits for it.
    static let retryPeriod = DispatchTimeInterval.seconds(1)

    /// From now on, until there is room again, one event could not be stored.
    func startRefusing(_ refusal: JournalRefusal) {
        guard !isRefusing else { return }
        isRefusing = true
        core.snapshot.withLock { snapshot in
            snapshot.takesAppends = false
            snapshot.refusal = snapshot.refusal ?? refusal
        }
        guard !hasFailed else { return }
        observer.faulted("appends are refused: \(Self.sentence(refusal))", isFinal: false)
    }

    private static func sentence(_ refusal: JournalRefusal) -> String {
        switch refusal {
        case .full: "the journal holds as much as journal.max_bytes allows"
        case .disk: "the journal's disk is full, or has less left than journal.min_free_bytes"
        case .failed: "the store has failed"
        }
    }

    /// Ends the refusal as soon as a small write would fit and does succeed.
    func lookForRoom() {
        guard isRefusing, !hasFailed, refusal(of: [Self.smallAppend]) == nil, canWrite() else { return }
        isRefusing = false
        core.snapshot.withLock { snapshot in
            snapshot.takesAppends = true
            snapshot.refusal = nil
        }
        observer.roomFound()
    }

    /// An append that stands for the next event to come.
    static let smallAppend: JournalAppend = {
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
            let fault = JournalError(error, operation: "look for room")
            // A disk that is still full was told before.
            if fault.disposition != .retry { note(fault) }
            return false
        }
    }
}
