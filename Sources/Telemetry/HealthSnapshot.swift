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
    public var isDraining: Bool
    public var staleAfterMillis: Int64
}
