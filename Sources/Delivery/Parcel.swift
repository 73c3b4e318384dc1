/// Names one event of a leased block.
public struct BatchEntry: Hashable, Sendable {
    public var blockID: Int64
    /// Its place in ``EventBlock/entries``.
    public var index: Int

    public init(blockID: Int64, index: Int) {
        self.blockID = blockID
        self.index = index
    }
}

/// Events that travel in one call. A parcel that was cut out of a refused one is sent alone, so that the event which
/// spoils it is found.
struct Parcel {
    var entries: [BatchEntry]
    /// Not sent before.
    var dueMillis: Int64 = 0
    /// Answers that settled nothing, to it or to the parcels that it was cut from.
    var unsettledTries = 0
    /// The same, to this one event alone.
    var unsettledAlone = 0

    /// Both halves of a parcel of two or more.
    func halves() -> (Parcel, Parcel) {
        var first = self
        var second = self
        let middle = entries.count / 2
        first.entries = Array(entries[..<middle])
        second.entries = Array(entries[middle...])
        return (first, second)
    }
}

/// Events that wait for their first call, in the order of their lease.
struct EntryQueue {
    private var entries: [BatchEntry] = []
    private var head = 0

    var count: Int { entries.count - head }
    var isEmpty: Bool { count == 0 }
    var first: BatchEntry? { isEmpty ? nil : entries[head] }

    mutating func append(block id: Int64, eventCount: Int) {
        entries.reserveCapacity(entries.count + eventCount)
        for index in 0..<eventCount { entries.append(BatchEntry(blockID: id, index: index)) }
    }

    /// Takes the first entry; the queue must not be empty.
    mutating func removeFirst() {
        head += 1
        // Moving the rest down costs each entry at most one move, since half of the array is gone.
        if head * 2 >= entries.count {
            entries.removeFirst(head)
            head = 0
        }
    }

    mutating func removeAll() -> ArraySlice<BatchEntry> {
        defer {
            entries = []
            head = 0
        }
        return entries[head...]
    }
}
