/// A set of 64-bit keys other than 0: open addressing with linear probing, at most three quarters full.
///
/// A key's place follows from its product with a secret odd number, so that nobody can choose keys that crowd together.
struct KeyTable: Sendable {
    private static let leastSlots = 64

    private var slots: [UInt64] = []
    private let factor: UInt64
    /// As many slots as `maxKeys` need; there are never more.
    private let mostSlots: Int
    private(set) var count = 0

    /// - Parameters:
    ///   - maxKeys: how many keys there will be at most.
    ///   - seed: any number that senders do not know.
    init(maxKeys: Int, seed: UInt64) {
        factor = seed | 1
        mostSlots = max(maxKeys / 3 * 4 + 4, Self.leastSlots)
    }

    func contains(_ key: UInt64) -> Bool {
        guard count > 0, key != 0 else { return false }
        return slots[slot(of: key)] == key
    }

    /// - Returns: false when the key was there; or is 0, or there is no room for it.
    mutating func insert(_ key: UInt64) -> Bool {
        guard key != 0 else { return false }
        if (count + 1) * 4 > slots.count * 3 { grow() }
        guard count + 1 < slots.count else { return false }
        let slot = slot(of: key)
        guard slots[slot] == 0 else { return false }
        slots[slot] = key
        count += 1
        return true
    }

    /// Closes the gap by what stands behind it, so that no key is cut off from its place.
    mutating func remove(_ key: UInt64) {
        guard contains(key) else { return }
        var gap = slot(of: key)
        var next = successor(gap)
        while slots[next] != 0 {
            let isMovable = distance(from: home(of: slots[next]), to: next) >= distance(from: gap, to: next)
            if isMovable {
                slots[gap] = slots[next]
                gap = next
            }
            next = successor(next)
        }
        slots[gap] = 0
        count -= 1
    }

    private mutating func grow() {
        let wanted = min(max(slots.count * 2, Self.leastSlots), mostSlots)
        guard wanted > slots.count else { return }
        let old = slots
        slots = Array(repeating: 0, count: wanted)
        for key in old where key != 0 { slots[slot(of: key)] = key }
    }

    /// Where the key stands, or the free slot where it would.
    private func slot(of key: UInt64) -> Int {
        var slot = home(of: key)
        while slots[slot] != 0, slots[slot] != key { slot = successor(slot) }
        return slot
    }

    private func home(of key: UInt64) -> Int {
        Int(truncatingIfNeeded: (key &* factor).multipliedFullWidth(by: UInt64(slots.count)).high)
    }

    private func successor(_ slot: Int) -> Int { slot + 1 == slots.count ? 0 : slot + 1 }

    private func distance(from: Int, to: Int) -> Int { to >= from ? to - from : to - from + slots.count }
}
