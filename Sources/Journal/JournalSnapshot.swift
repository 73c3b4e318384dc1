/// What stands in a journal, as of its last commit.
public struct JournalSnapshot: Sendable, Equatable {
    /// Queued events by destination index; leased ones count.
    public var queuedEvents: [Int]
    /// Events found queued when the journal was opened, by destination index.
    public var recoveredEvents: [Int]
    /// Dead letters kept.
    public var deadLetters: Int
    /// When the oldest queued block of a destination was stored, milliseconds since 1970; nil for an empty queue.
    public var oldestStoredMillis: [Int64?]
    /// Dead letters that were removed, oldest first, to keep within their bound; since the journal was opened.
    public var droppedDeadLetters: Int
    /// Keys that are remembered, to know repeats by.
    public var repeatKeys: Int
    /// Keys that had to go before their time, since the start.
    public var repeatKeysForgotten: Int
    /// False once the store has failed: nothing more is taken.
    public var isWritable: Bool
    /// False while the journal is full or its disk refuses writes: one event could not be stored now.
    public var takesAppends: Bool
    /// Why nothing is taken now; nil while something is.
    public var refusal: JournalRefusal?
    /// What the live data takes, in bytes, the engine's log apart.
    public var liveBytes: Int64
    /// What the engine's log takes on disk, in bytes.
    public var logBytes: Int64
    /// How many bytes of events could be stored before appends are refused, about.
    public var headroomBytes: Int64
    /// Files that were found damaged, set aside, and still stand beside the journal.
    public var filesSetAside: Int

    public init(destinationCount: Int) {
        queuedEvents = Array(repeating: 0, count: destinationCount)
        recoveredEvents = Array(repeating: 0, count: destinationCount)
        oldestStoredMillis = Array(repeating: nil, count: destinationCount)
        deadLetters = 0
        droppedDeadLetters = 0
        takesAppends = true
        repeatKeys = 0
        repeatKeysForgotten = 0
        isWritable = true
        liveBytes = 0
        logBytes = 0
        headroomBytes = 0
        filesSetAside = 0
    }
}

/// Why a journal takes no appends.
public enum JournalRefusal: String, Sendable {
    /// The journal holds as much as it may.
    case full
    /// The disk is full, or nearly.
    case disk
    /// The store has failed; only a new start helps.
    case failed
}
