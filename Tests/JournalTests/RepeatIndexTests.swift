import Journal
import Testing

@Suite("RepeatIndex")
struct RepeatIndexTests {
    private static let window: Int64 = 48 * 3_600_000
    private static let start: Int64 = 1_700_000_000_000

    private func memory(maxKeys: Int = 1000, window: Int64 = window) -> Memory {
        Memory(windowMillis: window, maxKeys: maxKeys, nowMillis: Self.start)
    }

    @Test("an event is a repeat when any of its keys is known, and a repeat adds none")
    func anyKey() {
        let memory = memory()
        #expect(memory.admit(RepeatKeys(message: 1, event: 2, order: 3, content: 4)))
        #expect(memory.index.count == 4)
        #expect(!memory.admit(RepeatKeys(message: 1, event: 20)))
        #expect(!memory.admit(RepeatKeys(message: 10, event: 2)))
        #expect(!memory.admit(RepeatKeys(message: 10, order: 3)))
        #expect(memory.index.count == 4)
        #expect(memory.admit(RepeatKeys(message: 10, event: 20)))
    }

    @Test("an event without keys is never a repeat")
    func noKeys() {
        let memory = memory()
        for _ in 0..<3 { #expect(memory.admit(RepeatKeys())) }
        #expect(memory.index.count == 0)
    }

    @Test("equal content makes a repeat only of a hit that follows a consent update")
    func content() {
        let memory = memory()
        #expect(memory.admit(RepeatKeys(message: 1, content: 9)))
        #expect(memory.admit(RepeatKeys(message: 2, content: 9)))
        #expect(!memory.admit(RepeatKeys(message: 3, content: 9, followsConsentUpdate: true)))
        #expect(memory.admit(RepeatKeys(message: 4, content: 8, followsConsentUpdate: true)))
        #expect(!memory.admit(RepeatKeys(message: 5, content: 8, followsConsentUpdate: true)))
    }

    @Test("a key lives for the whole window, and not a 1/1024 longer")
    func expiry() {
        let memory = memory()
        #expect(memory.admit(RepeatKeys(message: 1)))
        memory.index.advance(to: Self.start + Self.window / 1024 - 1)
        #expect(memory.admit(RepeatKeys(message: 2)))
        memory.index.advance(to: Self.start + Self.window - 1)
        #expect(!memory.admit(RepeatKeys(message: 1)))
        memory.index.advance(to: Self.start + Self.window + Self.window / 1024)
        #expect(memory.index.count == 0)
        #expect(memory.admit(RepeatKeys(message: 1)))
        #expect(memory.index.forgottenEarly == 0)
    }

    @Test("a clock that is set back keeps the keys, and they end by the new time")
    func clockBack() {
        let memory = memory()
        #expect(memory.admit(RepeatKeys(message: 1)))
        let earlier = Self.start - 10 * Self.window
        memory.index.advance(to: earlier)
        #expect(!memory.admit(RepeatKeys(message: 1)))
        #expect(memory.admit(RepeatKeys(message: 2)))
        memory.index.advance(to: earlier + Self.window)
        #expect(memory.admit(RepeatKeys(message: 1)))
    }

    @Test("a window of zero takes every event and remembers nothing")
    func noWindow() {
        let memory = memory(window: 0)
        for _ in 0..<2 { #expect(memory.admit(RepeatKeys(message: 1))) }
        #expect(memory.index.count == 0)
    }

    @Test("at the bound the oldest key goes for each new one, and is counted", arguments: [1, 2, 480, 1000, 10_000])
    func bound(maxKeys: Int) {
        let memory = memory(maxKeys: maxKeys)
        for key in 1...maxKeys { #expect(memory.admit(RepeatKeys(message: UInt64(key) << 32))) }
        #expect(memory.index.count == maxKeys)
        #expect(memory.index.forgottenEarly == 0)
        let more = 3 * maxKeys + 7
        for key in maxKeys + 1...maxKeys + more {
            #expect(memory.admit(RepeatKeys(message: UInt64(key) << 32)))
            #expect(memory.index.count == maxKeys)
        }
        #expect(memory.index.forgottenEarly == more)
        #expect(!memory.admit(RepeatKeys(message: UInt64(more + 1) << 32)))
        #expect(memory.admit(RepeatKeys(message: UInt64(more) << 32)))
    }

    @Test("going back to a mark leaves what was before it", arguments: [0, 5, 479, 480, 481, 2000])
    func revert(before: Int) {
        let memory = memory(maxKeys: 5000)
        for key in 0..<before { #expect(memory.admit(RepeatKeys(message: UInt64(key + 1)))) }
        let mark = memory.index.mark
        for key in 0..<1500 { #expect(memory.admit(RepeatKeys(message: UInt64(key + 10_001)))) }
        #expect(memory.index.slices(since: mark).flatMap(\.keys).contains(10_001))
        memory.index.revert(to: mark)
        #expect(memory.index.count == before)
        #expect(memory.index.slices(since: mark).isEmpty)
        for key in 0..<before { #expect(!memory.admit(RepeatKeys(message: UInt64(key + 1)))) }
        for key in 0..<1500 { #expect(memory.admit(RepeatKeys(message: UInt64(key + 10_001)))) }
        #expect(memory.index.count == before + 1500)
    }

    @Test("slices come back as they were stored, those outside the window left out")
    func restoring() {
        let first = memory()
        for key in 1...600 { #expect(first.admit(RepeatKeys(message: UInt64(key)))) }
        first.index.advance(to: Self.start + Self.window / 2)
        #expect(first.admit(RepeatKeys(message: 1000)))
        let all = first.index.slices(since: memory().index.mark)
        #expect(all.map(\.keys.count) == [480, 120, 1])
        let second = Memory(windowMillis: Self.window, maxKeys: 1000)
        let later = Self.start + Self.window + 1
        for slice in all {
            second.index.restore(id: slice.id, lastMillis: slice.lastMillis, keys: slice.keys, nowMillis: later)
        }
        second.index.advance(to: later)
        #expect(second.index.count == 1)
        #expect(second.index.firstSliceID == 3)
        #expect(!second.admit(RepeatKeys(message: 1000)))
        #expect(second.admit(RepeatKeys(message: 1)))
    }

    @Test("damaged slices do no harm", arguments: [(Int64.max, Int64.max), (.min, .min), (0, 0), (7, .min), (7, .max)])
    func damaged(id: Int64, lastMillis: Int64) {
        let memory = Memory(windowMillis: Self.window, maxKeys: 10)
        memory.index.restore(id: id, lastMillis: lastMillis, keys: [0, 3, 3], nowMillis: Self.start)
        memory.index.restore(id: id, lastMillis: lastMillis, keys: [0, 3, 3], nowMillis: Self.start)
        memory.index.advance(to: Self.start)
        #expect(memory.index.count <= 1)
        #expect(memory.admit(RepeatKeys(message: 4)))
        #expect(memory.index.firstSliceID > 0)
    }

    @Test("random work agrees with a plain list", arguments: [UInt64(1), 2, 3])
    func model(seed: UInt64) {
        var random = SplitMix(state: seed)
        var index = RepeatIndex(windowMillis: 1 << 40, maxKeys: 300, seed: seed)
        var plain: [UInt64] = []
        var faults = 0
        for _ in 0..<500 {
            let mark = index.mark
            var added = plain
            var forgotten = 0
            for _ in 0..<random.next() % 20 {
                // Keys that crowd together, so that the table has long runs.
                let key = (random.next() % 500 + 1) << (random.next() % 2 * 32)
                let isNew = !added.contains(key)
                if index.admit(RepeatKeys(message: key)) != isNew { faults += 1 }
                if isNew { added.append(key) }
                if added.count > 300 {
                    added.removeFirst()
                    forgotten += 1
                }
            }
            if random.next() % 4 == 0 {
                index.revert(to: mark)
                plain.removeFirst(forgotten)
            } else {
                plain = added
            }
            if index.count != plain.count { faults += 1 }
        }
        #expect(faults == 0)
        #expect(index.forgottenEarly > 300)
    }
}

/// An index that is changed inside expectations.
private final class Memory {
    var index: RepeatIndex

    init(windowMillis: Int64, maxKeys: Int, nowMillis: Int64? = nil, seed: UInt64 = 0x9E37_79B9_7F4A_7C15) {
        index = RepeatIndex(windowMillis: windowMillis, maxKeys: maxKeys, seed: seed)
        if let nowMillis { index.advance(to: nowMillis) }
    }

    func admit(_ keys: RepeatKeys) -> Bool { index.admit(keys) }
}

private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
