import Synchronization

/// What the loops report about themselves, in atomics: written by their threads, read by whoever answers a probe.
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

        init(_ name: String) { self.name = name }
    }

    private final class Account: Sendable {
        let name: String
        let state = Atomic<Int>(0)
        let sinceMillis = Atomic<Int64>(0)
        let lastStatus = Atomic<Int>(0)

        init(_ name: String) { self.name = name }
    }

    private let loops: [Loop]
    private let accounts: [Account]
    private let isJournalWritable = Atomic<Bool>(false)
    private let journalSinceMillis = Atomic<Int64>(0)
    private let journalDetail = Mutex(JournalDetail())
    private let isDraining = Atomic<Bool>(false)
    private let staleAfterMillis: Int64

    /// - Parameters:
    ///   - loops: the loops' names; a loop is named by its index from here on.
    ///   - destinations: the destinations' names, likewise.
    ///   - staleAfterMillis: how old a loop's last heartbeat may be.
    public init(loops: [String], destinations: [String], staleAfterMillis: Int64 = 10_000) {
        self.loops = loops.map(Loop.init)
        accounts = destinations.map(Account.init)
        self.staleAfterMillis = staleAfterMillis
    }

    /// A loop's turn. Milliseconds of a clock that never goes back, the same for all functions here; above 0.
    public func beat(loop: Int, nowMillis: Int64) {
        loops[loop].beatMillis.store(nowMillis, ordering: .relaxed)
    }

    public func setJournal(isWritable: Bool, nowMillis: Int64) {
        let was = isJournalWritable.exchange(isWritable, ordering: .relaxed)
        if was != isWritable { journalSinceMillis.store(nowMillis, ordering: .relaxed) }
    }

    /// What is shown of the journal besides.
    public func setJournal(_ detail: JournalDetail) { journalDetail.withLock { $0 = detail } }

    /// From here on the relay is unready; there is no way back.
    public func startDraining() { isDraining.store(true, ordering: .relaxed) }

    /// - Parameter status: the upstream's last HTTP status; nil where no answer came.
    public func setUpstream(destination: Int, _ state: Upstream, status: Int?, nowMillis: Int64) {
        let account = accounts[destination]
        let was = account.state.exchange(state.rawValue, ordering: .relaxed)
        if was != state.rawValue { account.sinceMillis.store(nowMillis, ordering: .relaxed) }
        account.lastStatus.store(status ?? 0, ordering: .relaxed)
    }

    /// All of it at one moment.
    public func snapshot(nowMillis: Int64) -> HealthSnapshot {
        HealthSnapshot(
            loops: loops.map { loop in
                let beat = loop.beatMillis.load(ordering: .relaxed)
                return .init(name: loop.name, silentMillis: beat == 0 ? nil : max(0, nowMillis - beat))
            },
            accounts: accounts.map { account in
                let since = account.sinceMillis.load(ordering: .relaxed)
                return .init(
                    name: account.name,
                    state: Upstream(rawValue: account.state.load(ordering: .relaxed)) ?? .unknown,
                    sinceSeconds: since == 0 ? nil : max(0, nowMillis - since) / 1000,
                    lastStatus: account.lastStatus.load(ordering: .relaxed))
            },
            isJournalWritable: isJournalWritable.load(ordering: .relaxed),
            journalSinceSeconds: max(0, nowMillis - journalSinceMillis.load(ordering: .relaxed)) / 1000,
            journal: journalDetail.withLock { $0 }, isDraining: isDraining.load(ordering: .relaxed),
            staleAfterMillis: staleAfterMillis)
    }
}
