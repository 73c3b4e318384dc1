import Synchronization

/// What the loops report about themselves, in atomics: written by their threads, read by whoever answers a probe. No
/// reading waits for a loop, so one that stands still is told of by any other.
public final class HealthState: Sendable {
    /// How an upstream account stands; shown, never a reason to be unready.
    public enum Upstream: Int, Sendable {
        case unknown, working, failing, stopped

        public var label: String {
            switch self {
            case .unknown: "unknown"
            case .working: "working"
            case .failing: "failing"
            case .stopped: "stopped"
            }
        }
    }

    private final class Loop: Sendable {
        let name: String
        let beatMillis = Atomic<Int64>(0)
        /// How much later than due the last heartbeat came.
        let lagMillis = Atomic<Int64>(0)
        /// Since when it turns without a halt.
        let sinceMillis = Atomic<Int64>(0)
        /// When it was found to turn again after it had stood still; 0 for never.
        let stalledMillis = Atomic<Int64>(0)

        init(_ name: String) { self.name = name }
    }

    private final class Account: Sendable {
        let name: String
        let state = Atomic<Int>(0)
        let sinceMillis = Atomic<Int64>(0)
        let lastStatus = Atomic<Int>(0)
        /// Written when a call has failed, which is rare.
        let lastFault = Mutex<ComponentFault?>(nil)

        init(_ name: String) { self.name = name }
    }

    private struct Configuration: Sendable {
        var sinceMillis: Int64 = 0
        var lastFault: ComponentFault?
    }

    /// How often a loop beats while nothing keeps it.
    public static let beatPeriodMillis: Int64 = 1000

    private let loops: [Loop]
    private let accounts: [Account]
    private let isJournalWritable = Atomic<Bool>(false)
    private let journalSinceMillis = Atomic<Int64>(0)
    private let journalDetail = Mutex(JournalDetail())
    private let journalFault = Mutex<ComponentFault?>(nil)
    private let configuration = Mutex(Configuration())
    private let isDraining = Atomic<Bool>(false)
    private let staleAfterMillis: Int64

    /// - Parameters:
    ///   - loops: the loops' names; a loop is named by its index from here on.
    ///   - destinations: the destinations' names, likewise.
    ///   - staleAfterMillis: how old a loop's last heartbeat may be.
    public init(loops: [String], destinations: [String], staleAfterMillis: Int64 = 5_000) {
        self.loops = loops.map(Loop.init)
        accounts = destinations.map(Account.init)
        self.staleAfterMillis = staleAfterMillis
    }

    /// A loop's turn: at least every ``beatPeriodMillis`` while it is not kept. Milliseconds of a clock that never goes
    /// back, the same for all functions here; above 0.
    public func beat(loop index: Int, nowMillis: Int64) {
        let loop = loops[index]
        let before = loop.beatMillis.exchange(nowMillis, ordering: .relaxed)
        let gap = before == 0 ? 0 : nowMillis - before
        loop.lagMillis.store(max(0, gap - Self.beatPeriodMillis), ordering: .relaxed)
        if gap > staleAfterMillis { loop.stalledMillis.store(nowMillis, ordering: .relaxed) }
        if before == 0 || gap > staleAfterMillis { loop.sinceMillis.store(nowMillis, ordering: .relaxed) }
    }

    public func setJournal(isWritable: Bool, nowMillis: Int64) {
        let was = isJournalWritable.exchange(isWritable, ordering: .relaxed)
        if was != isWritable { journalSinceMillis.store(nowMillis, ordering: .relaxed) }
    }

    /// What is shown of the journal besides.
    public func setJournal(_ detail: JournalDetail) { journalDetail.withLock { $0 = detail } }

    /// - Parameter code: a word of the program's own, as `sqlite_10`.
    public func journalFailed(code: String, nowMillis: Int64) {
        journalFault.withLock { $0 = ComponentFault(code: code, atMillis: nowMillis) }
    }

    /// A configuration is in force from now on.
    public func configurationApplied(nowMillis: Int64) {
        configuration.withLock { $0 = Configuration(sinceMillis: nowMillis) }
    }

    /// Another configuration was refused; the one in force stays.
    /// - Parameter code: a word of the program's own, never a part of the configuration.
    public func configurationRefused(code: String, nowMillis: Int64) {
        configuration.withLock { $0.lastFault = ComponentFault(code: code, atMillis: nowMillis) }
    }

    /// From here on the relay is unready; there is no way back.
    public func startDraining() { isDraining.store(true, ordering: .relaxed) }

    /// - Parameters:
    ///   - status: the upstream's last HTTP status; nil where no answer came.
    ///   - fault: what went wrong, as a word of a closed list or `http_` with the status; nil when nothing did.
    public func setUpstream(
        destination: Int, _ state: Upstream, status: Int?, fault: String? = nil, nowMillis: Int64
    ) {
        let account = accounts[destination]
        let was = account.state.exchange(state.rawValue, ordering: .relaxed)
        if was != state.rawValue { account.sinceMillis.store(nowMillis, ordering: .relaxed) }
        account.lastStatus.store(status ?? 0, ordering: .relaxed)
        if let fault { account.lastFault.withLock { $0 = ComponentFault(code: fault, atMillis: nowMillis) } }
    }

    /// How late each loop is, milliseconds: its last heartbeat's delay, or that of the one which is due now.
    public func lagsMillis(nowMillis: Int64) -> [Int64] {
        loops.map { loop in
            let beat = loop.beatMillis.load(ordering: .relaxed)
            let overdue = beat == 0 ? 0 : nowMillis - beat - Self.beatPeriodMillis
            return max(overdue, loop.lagMillis.load(ordering: .relaxed))
        }
    }

    /// All of it at one moment.
    public func snapshot(nowMillis: Int64) -> HealthSnapshot {
        let lags = lagsMillis(nowMillis: nowMillis)
        let configuration = configuration.withLock { $0 }
        return HealthSnapshot(
            nowMillis: nowMillis, loops: zip(loops, lags).map { snapshot(of: $0, lagMillis: $1, nowMillis) },
            accounts: accounts.map { snapshot(of: $0, nowMillis) },
            isJournalWritable: isJournalWritable.load(ordering: .relaxed),
            journalSinceSeconds: max(0, nowMillis - journalSinceMillis.load(ordering: .relaxed)) / 1000,
            journal: journalDetail.withLock { $0 }, journalFault: journalFault.withLock { $0 },
            configurationSinceSeconds: max(0, nowMillis - configuration.sinceMillis) / 1000,
            configurationFault: configuration.lastFault, isDraining: isDraining.load(ordering: .relaxed),
            staleAfterMillis: staleAfterMillis)
    }

    private func snapshot(of loop: Loop, lagMillis: Int64, _ nowMillis: Int64) -> HealthSnapshot.Loop {
        let beat = loop.beatMillis.load(ordering: .relaxed)
        let stalled = loop.stalledMillis.load(ordering: .relaxed)
        return HealthSnapshot.Loop(
            name: loop.name, silentMillis: beat == 0 ? nil : max(0, nowMillis - beat), lagMillis: lagMillis,
            sinceSeconds: max(0, nowMillis - loop.sinceMillis.load(ordering: .relaxed)) / 1000,
            fault: stalled == 0 ? nil : ComponentFault(code: "stalled", atMillis: stalled))
    }

    private func snapshot(of account: Account, _ nowMillis: Int64) -> HealthSnapshot.Account {
        let since = account.sinceMillis.load(ordering: .relaxed)
        return HealthSnapshot.Account(
            name: account.name, state: Upstream(rawValue: account.state.load(ordering: .relaxed)) ?? .unknown,
            sinceSeconds: since == 0 ? nil : max(0, nowMillis - since) / 1000,
            lastStatus: account.lastStatus.load(ordering: .relaxed), fault: account.lastFault.withLock { $0 })
    }
}
