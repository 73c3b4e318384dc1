/// The reported state as a value; ``HealthReport`` judges it.
public struct HealthSnapshot: Sendable, Equatable {
    public struct Loop: Sendable, Equatable {
        public var name: String
        /// Time since the last heartbeat; nil before the first.
        public var silentMillis: Int64?
        /// How late its heartbeat came, or is now.
        public var lagMillis: Int64
        /// Since when it turns without a halt.
        public var sinceSeconds: Int64
        /// It has stood still once; nil when it never did.
        public var fault: ComponentFault?
    }

    public struct Account: Sendable, Equatable {
        public var name: String
        public var state: HealthState.Upstream
        /// Since when it stands so; nil when nothing was reported.
        public var sinceSeconds: Int64?
        /// 0 where no answer came.
        public var lastStatus: Int
        public var fault: ComponentFault?
    }

    /// When it was taken.
    public var nowMillis: Int64
    public var loops: [Loop]
    public var accounts: [Account]
    public var isJournalWritable: Bool
    public var journalSinceSeconds: Int64
    public var journal: JournalDetail
    public var journalFault: ComponentFault?
    public var configurationSinceSeconds: Int64
    public var configurationFault: ComponentFault?
    public var isDraining: Bool
    public var staleAfterMillis: Int64

    func isStuck(_ loop: Loop) -> Bool { loop.silentMillis.map { $0 > staleAfterMillis } ?? false }
}

/// The journal's state beyond whether it takes events.
public struct JournalDetail: Sendable, Equatable {
    /// Why it takes none: `full`, `disk` or `failed`; nil while it does.
    public var refusal: String?
    /// What its live data takes.
    public var bytes: Int64 = 0
    /// What its write-ahead log takes on disk.
    public var logBytes: Int64 = 0
    /// What can be stored before senders are refused.
    public var headroomBytes: Int64 = 0
    /// Files that were found damaged and stand aside.
    public var damagedFiles = 0
    /// Dead letters that it keeps.
    public var deadLetters = 0

    public init() {}
}
