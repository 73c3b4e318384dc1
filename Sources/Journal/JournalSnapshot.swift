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
    }
}
