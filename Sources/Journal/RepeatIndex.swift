// Which events were stored within the window, by their keys.
//
// Keys stand in slices, oldest first: a slice holds the keys of one or more commits and is what an engine stores as a
// row. A slice is forgotten as a whole when its last key is older than the window; so a key lives for the window and at
// most 1/1024 of it longer. Beyond `maxKeys` the oldest key goes for each new one.
//
// Invariants: never more than `maxKeys` keys; each key stands once; what a failed commit has added can be taken out
// again. Memory: 20 bytes a key at the bound, for a moment 30 when the table grows there for the last time. When the
// clock is set back, keys that lie ahead of it count as having just come.

/// The memory for repeats: pure, told the time by its driver.
public struct RepeatIndex: Sendable {
    /// As many as fit a page of 4 KiB.
    public static let keysPerSlice = 480
    private static let slicesPerWindow: Int64 = 1024

    /// Keys of one or more commits, in order.
    public struct Slice: Sendable, Equatable {
        /// Grows from slice to slice.
        public let id: Int64
        /// When the last key came, milliseconds since 1970.
        public internal(set) var lastMillis: Int64
        public internal(set) var keys: [UInt64]
    }

    private let windowMillis: Int64
    private let maxKeys: Int
    private var table: KeyTable
    private var slices: [Slice] = []
    /// Where the oldest slice stands that is not forgotten; those before it are empty.
    private var oldest = 0
    /// How many keys of the oldest slice are forgotten.
    private var forgottenInOldest = 0
    private var lastID: Int64 = 0
    /// When the last slice was begun; nil when it takes no more keys.
    private var openSinceMillis: Int64?
    private var nowMillis: Int64 = 0
    /// Keys that had to go before their time.
    public private(set) var forgottenEarly = 0

    /// - Parameters:
    ///   - windowMillis: how long a key is remembered; 0 remembers nothing.
    ///   - seed: any number that senders do not know.
    public init(windowMillis: Int64, maxKeys: Int, seed: UInt64) {
        self.windowMillis = max(windowMillis, 0)
        self.maxKeys = min(max(maxKeys, 1), 1 << 40)
        table = KeyTable(maxKeys: self.maxKeys, seed: seed)
    }

    /// How many keys are remembered.
    public var count: Int { table.count }
    /// How many slices they stand in.
    public var sliceCount: Int { slices.count - oldest }
    /// Slices with a lower id are forgotten.
    public var firstSliceID: Int64 { sliceCount > 0 ? slices[oldest].id : lastID + 1 }

    /// It is that late now: what is older than the window is forgotten.
    public mutating func advance(to nowMillis: Int64) {
        self.nowMillis = nowMillis
        var index = slices.endIndex - 1
        while index >= oldest, slices[index].lastMillis > nowMillis {
            slices[index].lastMillis = nowMillis
            index -= 1
        }
        while sliceCount > 0, nowMillis - slices[oldest].lastMillis >= windowMillis { forgetOldestSlice() }
    }

    /// - Returns: false when the event is a repeat; otherwise its keys are remembered.
    public mutating func admit(_ keys: RepeatKeys) -> Bool {
        guard windowMillis > 0 else { return true }
        if table.contains(keys.message) || table.contains(keys.event) || table.contains(keys.order) { return false }
        if keys.followsConsentUpdate, table.contains(keys.content) { return false }
        remember(keys.message)
        remember(keys.event)
        remember(keys.order)
        remember(keys.content)
        return true
    }

    /// Takes over a stored slice; they come by rising id.
    public mutating func restore(id: Int64, lastMillis: Int64, keys: [UInt64], nowMillis: Int64) {
        guard id > lastID, id < Int64.max / 2 else { return }
        lastID = id
        let last = min(max(lastMillis, 0), nowMillis)
        guard nowMillis - last < windowMillis else { return }
        slices.append(Slice(id: id, lastMillis: last, keys: []))
        for key in keys where key != 0 && !table.contains(key) { append(key) }
    }

    private mutating func remember(_ key: UInt64) {
        guard key != 0, !table.contains(key) else { return }
        if !takesMore {
            lastID += 1
            openSinceMillis = nowMillis
            slices.append(Slice(id: lastID, lastMillis: nowMillis, keys: []))
        }
        append(key)
        slices[slices.endIndex - 1].lastMillis = nowMillis
    }

    private var takesMore: Bool {
        guard sliceCount > 0, let openSinceMillis, let last = slices.last else { return false }
        let age = nowMillis - openSinceMillis
        return last.keys.count < Self.keysPerSlice && age < max(windowMillis / Self.slicesPerWindow, 1)
    }

    /// Appends a new key to the last slice.
    private mutating func append(_ key: UInt64) {
        if table.count >= maxKeys { forgetOldestKey() }
        if table.insert(key) { slices[slices.endIndex - 1].keys.append(key) }
    }
}

// Going back, when a commit has failed.
extension RepeatIndex {
    /// A state to go back to.
    public struct Mark: Sendable, Equatable {
        fileprivate let sliceID: Int64
        fileprivate let keyCount: Int
    }

    public var mark: Mark {
        guard sliceCount > 0, let last = slices.last else { return Mark(sliceID: lastID, keyCount: 0) }
        return Mark(sliceID: last.id, keyCount: last.keys.count)
    }

    /// All slices that are not forgotten, for a store that has none of them.
    public var storedSlices: ArraySlice<Slice> { slices[oldest...] }

    /// The slices that have got keys since.
    public func slices(since mark: Mark) -> ArraySlice<Slice> {
        var first = slices.endIndex
        while first > oldest, slices[first - 1].id > mark.sliceID { first -= 1 }
        if first > oldest, slices[first - 1].id == mark.sliceID, slices[first - 1].keys.count > mark.keyCount {
            first -= 1
        }
        return slices[first...]
    }

    /// Takes back what has come since. What was forgotten meanwhile stays so.
    public mutating func revert(to mark: Mark) {
        while sliceCount > 0, slices[slices.endIndex - 1].id > mark.sliceID {
            truncateLastSlice(to: 0)
            slices.removeLast()
            if sliceCount == 0 { forgottenInOldest = 0 }
            openSinceMillis = nil
        }
        if sliceCount > 0, slices[slices.endIndex - 1].id == mark.sliceID { truncateLastSlice(to: mark.keyCount) }
    }

    private mutating func truncateLastSlice(to keyCount: Int) {
        let last = slices.endIndex - 1
        let kept = max(keyCount, last == oldest ? forgottenInOldest : 0)
        guard kept < slices[last].keys.count else { return }
        for key in slices[last].keys[kept...] { table.remove(key) }
        slices[last].keys.removeLast(slices[last].keys.count - kept)
    }
}

// Forgetting, the oldest first.
extension RepeatIndex {
    /// There is a key to forget.
    private mutating func forgetOldestKey() {
        while forgottenInOldest == slices[oldest].keys.count { dropOldestSlice() }
        table.remove(slices[oldest].keys[forgottenInOldest])
        forgottenInOldest += 1
        forgottenEarly += 1
    }

    private mutating func forgetOldestSlice() {
        for key in slices[oldest].keys[forgottenInOldest...] { table.remove(key) }
        dropOldestSlice()
    }

    private mutating func dropOldestSlice() {
        slices[oldest].keys = []
        oldest += 1
        forgottenInOldest = 0
        // The forgotten ones leave the list when they are its larger part, so that each is moved once at most.
        guard oldest >= 64, oldest > slices.count / 2 else { return }
        slices.removeFirst(oldest)
        oldest = 0
    }
}
