import Foundation
import GRDB
import Journal
import RelayModel
import Synchronization

/// The journal's thread: takes groups from the mailbox, commits them, reports, answers leases, and keeps the log small.
/// Confined to its thread; all that others see goes through `JournalCore`.
final class JournalWriter {
    let core: JournalCore
    let observer: any JournalObserver
    var machine: LeaseMachine
    var nextBlockID: Int64
    /// Settlements whose commit failed and may succeed later; their blocks are still leased.
    var unsettled: [Settlement] = []
    /// Which events were stored within the window.
    var repeats: RepeatIndex
    /// Slices of it with a lower id are gone from the store.
    var deletedBelow: Int64 = 0
    var log: LogMachine
    var headroom: HeadroomMachine
    /// What the disk had left when it was last asked; more than enough while it does not say.
    var disk = DiskSpace(total: .max, available: .max)
    var lastMeasure: ContinuousClock.Instant?
    /// The log must be emptied before anything is appended behind what an unclean end has left in it.
    var mustReplay: Bool
    /// Damage was found in the file, and the file is still in use.
    var isDamaged = false
    /// How often a fresh file has taken a damaged one's place.
    var freshFiles = 0
    var salvage: SalvageRun?
    /// Files that are still to be looked through.
    var salvageQueue: [String] = []
    var check: IntegrityCheck?
    /// When dead letters are looked through for those that are too old, milliseconds since 1970.
    var nextExpiryMillis: Int64 = 0
    /// What the dead letters take now.
    var deadLetterBytes: Int64
    /// True while appends are refused for want of space; see `JournalWriter+Refusal.swift`.
    var isRefusing = false
    /// True when events have left the journal since the log was last emptied: their bytes still stand in it.
    var logHoldsDeleted = false
    /// True when the file may hold more free pages than are to be kept.
    var hasFreedPages = true
    private var pacing: GroupPacing
    /// True after a fault that leaves the store untrusted: nothing is written any more.
    private(set) var hasFailed = false

    init(
        core: JournalCore, observer: any JournalObserver, nextBlockID: Int64, deadLetterBytes: Int64,
        repeats: consuming RepeatIndex
    ) {
        self.core = core
        self.observer = observer
        self.nextBlockID = nextBlockID
        self.deadLetterBytes = deadLetterBytes
        self.repeats = repeats
        machine = core.newLeaseMachine()
        log = LogMachine(copyFrames: core.bounds.copyFrames, limitFrames: core.bounds.limitFrames)
        headroom = HeadroomMachine(
            minFree: core.bounds.minFreeBytes, ballast: core.bounds.ballastBytes, holdsBallast: core.ballast.isHeld)
        mustReplay = core.mustReplay
        pacing = GroupPacing(interval: core.settings.commitInterval)
    }

    /// Runs until the mailbox is closed.
    func run(afterUncleanEnd wasUnclean: Bool, keysAreUnstored: Bool) {
        observer.turned()
        reportRecovered()
        if keysAreUnstored { storeAllKeys() }
        if wasUnclean { startCheck() }
        findUnsalvaged()
        var isLast = false
        while !isLast {
            observer.turned()
            if let delay = pacing.delay(now: .now) { Self.sleep(delay) }
            let group = core.mailbox.take(within: Self.retryPeriod)
            pacing.took(appendCount: group.appends.count, now: .now)
            isLast = group.isLast
            measure()
            commit(group)
            group.notices.forEach(take)
            continueSalvage()
            group.replays.forEach(replay)
            expireDeadLetters()
            lookForRoom()
            group.leases.forEach(answer)
            if !hasFailed { tidy(isQuiet: group.isEmpty) }
            if isDamaged, !hasFailed { _ = beginFreshFile() }
        }
        finish()
    }

    /// Counts a fault; one that cannot be undone ends all writing.
    func note(_ fault: JournalError) {
        core.counters.withLock { counters in
            counters.faults += 1
            counters.lastFault = fault
        }
        let isFinal = fault.disposition == .giveUp
        if isFinal { fail() }
        if fault.disposition == .setAside { isDamaged = true }
        observer.faulted("\(fault)", isFinal: isFinal)
    }

    /// Ends all writing.
    func fail() {
        hasFailed = true
        core.mailbox.refuseAppends()
        core.snapshot.withLock { snapshot in
            snapshot.isWritable = false
            snapshot.refusal = .failed
        }
    }

    private func reportRecovered() {
        let queued = core.snapshot.withLock { $0.queuedEvents }
        let ready = queued.indices.filter { queued[$0] > 0 }
        if !ready.isEmpty { observer.ready(ready) }
    }

    private func finish() {
        salvage?.salvager.stop()
        check?.stop()
        guard !hasFailed else { return abandon() }
        do {
            try core.logCopier.close()
            try core.pool.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) }
            try core.pool.close()
        } catch {
            note(JournalError(error, operation: "close the journal"))
        }
        core.directory.unlock()
    }

    private static func sleep(_ duration: Duration) {
        Thread.sleep(forTimeInterval: duration / .seconds(1))
    }

    /// After a failed sync the pages in memory prove nothing. Closing the last connection would copy the log into the
    /// database and delete it; so the connection and the lock stay until the process ends, and the next start reads
    /// from the disk what is truly there.
    private func abandon() {
        _ = unsafe Unmanaged.passRetained(core)
    }
}
