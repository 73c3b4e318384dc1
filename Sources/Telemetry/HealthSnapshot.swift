/// The reported state as a value; ``HealthReport`` judges it.
public struct HealthSnapshot: Sendable, Equatable {
    public struct Loop: Sendable, Equatable {
        public var name: String
        /// Time since the last heartbeat; nil before the first.
        public var silentMillis: Int64?
    }

    public struct Account: Sendable, Equatable {
        public var name: String
        public var state: HealthState.Upstream
        /// Since when it stands so; nil when nothing was reported.
        public var sinceSeconds: Int64?
        /// 0 where no answer came.
        public var lastStatus: Int
    }

    public var loops: [Loop]
    public var accounts: [Account]
    public var isJournalWritable: Bool
    public var journalSinceSeconds: Int64
    public var journal: JournalDetail
    public var isDraining: Bool
    public var staleAfterMillis: Int64
}

/// The journal's state beyond whether it takes events.
public struct JournalDetail: Sendable, Equatable {
    /// Why it takes none: `full`, `disk` or `failed`; nil while it does.
    public var refusal: String?
    /// What its live data takes.
    public var bytes: Int64 = 0
    /// What can be stored before senders are refused.
    public var headroomBytes: Int64 = 0
    /// Files that were found damaged and stand aside.
    public var damagedFiles = 0

    public init() {}
}
