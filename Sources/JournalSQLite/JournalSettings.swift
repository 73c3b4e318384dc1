package import Dispatch
package import GRDB
import Journal

/// Where the journal lives and what it may take.
public struct JournalSettings: Sendable {
    /// The directory of the journal's files; made with mode 0700 where it is missing.
    public var directory: String
    /// Beyond this many bytes of live data appends are refused; settlements still work. The write-ahead log comes on
    /// top, at most ``walLimitBytes``.
    public var maxBytes: Int64
    /// Allows a directory on a file system that does not outlive the machine or the container.
    public var allowsVolatile: Bool
    /// What dead letters may take, about; beyond it the oldest are removed and counted.
    public var maxDeadLetterBytes: Int64
    /// How long a dead letter is kept, in milliseconds; 0 keeps it as long as there is room.
    public var deadLetterRetentionMillis: Int64 = 30 * 24 * 3_600_000
    /// Blocks that were stored within this time are leased before older ones, which get every fourth event;
    /// milliseconds. 0 leases the oldest first.
    public var youngMillis: Int64 = 45 * 60_000
    /// Appends that wait for the next commit: more are refused.
    public var maxPendingAppends: Int
    /// Bytes of appends that wait for the next commit: more are refused, but one append is always taken.
    public var maxPendingBytes: Int
    /// How long a commit waits for another process that holds the database, such as an operator's `sqlite3`.
    public var busyTimeoutSeconds: Double
    /// A lease ends early beyond this many bytes of events.
    public var maxLeaseBytes: Int
    /// How long a repeat of an event is known as one, in milliseconds; 0 takes every event.
    public var repeatWindowMillis: Int64 = 48 * 3_600_000
    /// Keys of events that are remembered to know repeats by, two or three an event: beyond them the oldest go. Each
    /// takes 20 bytes of memory, and 9 on disk beside ``maxBytes``.
    public var maxRepeatKeys = 2_000_000

    /// Appends are refused while the disk has less than this left, in bytes; at most an eighth of the volume counts.
    public var minFreeBytes: Int64 = 64 << 20
    /// What a file takes that is given up when the disk is full, so that delivered events can still be deleted; at most
    /// a sixteenth of the volume.
    public var ballastBytes: Int64 = 32 << 20

    /// From the beginning of a commit to that of the next, at least, while many senders wait for each; see
    /// `GroupPacing`.
    public var commitInterval = Duration.milliseconds(1)

    /// What the write-ahead log shrinks to when it is reset.
    public static let walLimitBytes = 64 << 20

    /// An emptied journal's file shrinks when it holds this many free pages: 256 MiB.
    package var shrinkFreePages = 65_536

    /// How many events share a row at most.
    package var maxRowEvents = BlockPacker.defaultMaxEvents

    /// How long after an unclean end the file is looked through.
    package var checkDelay = DispatchTimeInterval.seconds(5)

    /// Faults for tests; never set otherwise.
    package var _testFaults = TestFaults()

    public init(
        directory: String, maxBytes: Int64 = 10 << 30, allowsVolatile: Bool = false,
        maxDeadLetterBytes: Int64 = 1 << 30, maxPendingAppends: Int = 16_384,
        maxPendingBytes: Int = 32 << 20, busyTimeoutSeconds: Double = 5, maxLeaseBytes: Int = 16 << 20
    ) {
        self.directory = directory
        self.maxBytes = maxBytes
        self.allowsVolatile = allowsVolatile
        self.maxDeadLetterBytes = maxDeadLetterBytes
        self.maxPendingAppends = maxPendingAppends
        self.maxPendingBytes = maxPendingBytes
        self.busyTimeoutSeconds = busyTimeoutSeconds
        self.maxLeaseBytes = maxLeaseBytes
    }

    /// How a test makes the store fail.
    package struct TestFaults: Sendable {
        /// Run on the writer's connection when it is opened.
        package var writerSQL = ""
        /// Called in each write transaction, before its commit, on the journal's thread; what it throws fails it.
        package var beforeCommit: @Sendable (Database) throws -> Void = { _ in }
        /// What is left on the disk, in place of what the system says.
        package var diskSpace: (@Sendable () -> DiskSpace)?
    }
}
