import RelayModel

/// A preset's paths in the form in which one walk over an event finds them all.
///
/// Each path has a *slot*. A *scope* is an object whose members are paths or lead to further ones: the event itself,
/// `context`, `context.page`; a name that ends in `[]` is the scope of a list's elements, which the event's own walk
/// does not enter. One hash table takes (scope, key) to the slot and the scope behind it, so that each member of an
/// event costs one look-up, known or not.
///
/// Invariants: the slots of one element scope are contiguous; at most ``maximumSlotCount`` slots.
final class PathTable: Sendable {
    static let maximumSlotCount = 192
    /// The scope of the event object.
    static let eventScope = 0
    /// The members of one user of a list, in either input.
    static let userScopeNames = ["properties.user_data[]", "user_data[]"]

    /// What a key in a scope is.
    struct Place {
        fileprivate var slotNumber = none
        fileprivate var scopeNumber = none

        fileprivate static let none = UInt8.max

        /// Where the key's value goes; nil for a key that only leads on.
        var slot: Int? { slotNumber == Self.none ? nil : Int(slotNumber) }
        /// The scope of its members; nil for a key that is a value only.
        var inner: Int? { scopeNumber == Self.none ? nil : Int(scopeNumber) }
    }

    private struct Entry {
        /// With length and scope, all of a key of at most sixteen bytes.
        let words: NameWords
        let keyStart: UInt16
        /// The length of the key; 0 is no entry.
        let count: UInt8
        let scope: UInt8
        var place = Place()
    }

    /// The paths' texts, by slot.
    let paths: [String]
    /// Slots of all fields, each field's in its order of preference.
    private let order: [UInt8]
    private let ranges: [Range<Int>]
    /// The bytes of all keys.
    private let keys: [UInt8]
    /// The hash table, with linear probing; ``bucketCount`` places, most of them free.
    private let buckets: [Entry]
    private static let bucketCount = 512
    private let slotRanges: [Range<Int>]
    /// The fields that a slot's value is for.
    private let fieldsOfSlots: [FieldSet]
    /// The scope of Segment's `context`; nil where there is none.
    let contextScope: Int?
    /// The scope of an address's members.
    let addressScope: Int
    /// The scope of the members of one user of a list; nil where there is none.
    let userScope: Int?
    /// The scope of a product's members.
    let productScope: Int

    /// A field with its paths, best first.
    typealias Row = (field: MappedField, paths: [String])

    init(_ rows: [Row]) {
        var builder = Builder()
        builder.addSlots(of: rows.flatMap(\.paths))
        builder.addEntries()
        precondition(builder.paths.count <= Self.maximumSlotCount, "too many paths")
        precondition(MappedField.allCases.count <= 128, "too many fields for a set")
        var order: [UInt8] = []
        var ranges = Array(repeating: 0..<0, count: MappedField.allCases.count)
        var fieldsOfSlots = Array(repeating: FieldSet(), count: builder.paths.count)
        for (field, paths) in rows {
            let start = order.count
            order += paths.map { builder.slots[$0] ?? 0 }
            for slot in order[start...] { fieldsOfSlots[Int(slot)].insert(field) }
            ranges[Int(field.rawValue)] = start..<order.count
        }
        (self.order, self.ranges) = (order, ranges)
        (paths, keys) = (builder.paths, builder.keys)
        slotRanges = builder.slotRanges
        self.fieldsOfSlots = fieldsOfSlots
        contextScope = builder.scopes["context"].map { Int($0) }
        addressScope = builder.elementScope("address[]")
        userScope = Self.userScopeNames.compactMap { builder.scopes[$0] }.first.map { Int($0) }
        productScope = builder.elementScope("product[]")
        buckets = Self.makeBuckets(builder.entries)
    }

    /// Positions of a field's paths, best first; see ``slot(at:)``.
    func positions(of field: MappedField) -> Range<Int> { ranges[Int(field.rawValue)] }

    func slot(at position: Int) -> Int { Int(order[position]) }

    func fields(ofSlot slot: Int) -> FieldSet { fieldsOfSlots[slot] }

    /// The slots of a scope's own members.
    func slots(of scope: Int) -> Range<Int> { slotRanges[scope] }

    /// What a key is in `scope`; nil for one that no path names.
    @inline(__always)
    func place(of key: Span<UInt8>, in scope: Int) -> Place? {
        let words = NameWords(key)
        let buckets = buckets
        var bucket = Self.bucket(of: words, scope)
        while buckets[bucket].count != 0 {
            if buckets[bucket].words == words, Int(buckets[bucket].count) == key.count,
                Int(buckets[bucket].scope) == scope, key.count <= 16 || hasMiddle(buckets[bucket], key)
            {
                return buckets[bucket].place
            }
            bucket = (bucket + 1) % Self.bucketCount
        }
        return nil
    }

    private func hasMiddle(_ entry: Entry, _ key: Span<UInt8>) -> Bool {
        let (keys, start) = (keys, Int(entry.keyStart))
        return keys.span.extracting(start..<start + key.count).isEqual(to: key)
    }

    private static func bucket(of words: NameWords, _ scope: Int) -> Int {
        let mixed = words.head ^ (words.tail &* 0x9E37_79B9_7F4A_7C15) &+ UInt64(truncatingIfNeeded: scope)
        return Int(truncatingIfNeeded: (mixed &* 0xD6E8_FEB8_6659_FD93) >> 55)
    }

    private static func makeBuckets(_ entries: [Entry]) -> [Entry] {
        precondition(entries.count < bucketCount / 2, "too many keys")
        let nothing: [UInt8] = []
        let free = Entry(words: NameWords(nothing.span), keyStart: 0, count: 0, scope: 0)
        var buckets = Array(repeating: free, count: bucketCount)
        for entry in entries {
            var bucket = bucket(of: entry.words, Int(entry.scope))
            while buckets[bucket].count != 0 { bucket = (bucket + 1) % bucketCount }
            buckets[bucket] = entry
        }
        return buckets
    }

    /// Turns path texts into scopes, slots and entries.
    private struct Builder {
        var paths: [String] = []
        var slots: [String: UInt8] = [:]
        var scopes: [String: UInt8] = ["": 0]
        var slotRanges: [Range<Int>] = [0..<0]
        var entries: [Entry] = []
        var keys: [UInt8] = []
        private var indexes: [String: Int] = [:]

        /// Numbers the paths scope by scope.
        mutating func addSlots(of all: [String]) {
            for path in all { _ = scope(named: parent(of: path)) }
            for (name, scope) in scopes.sorted(by: { $0.value < $1.value }) {
                let start = paths.count
                for path in all where parent(of: path) == name && slots[path] == nil {
                    slots[path] = UInt8(paths.count)
                    paths.append(path)
                }
                slotRanges[Int(scope)] = start..<paths.count
            }
        }

        mutating func addEntries() {
            for path in paths { entries[entryIndex(of: path)].place.slotNumber = slots[path] ?? Place.none }
            for (name, scope) in scopes where !name.isEmpty && !name.hasSuffix("[]") {
                entries[entryIndex(of: name)].place.scopeNumber = scope
            }
        }

        func elementScope(_ name: String) -> Int {
            guard let scope = scopes[name] else { preconditionFailure("a preset without \(name)") }
            return Int(scope)
        }

        private mutating func scope(named name: String) -> UInt8 {
            if let known = scopes[name] { return known }
            if !name.hasSuffix("[]") { _ = scope(named: parent(of: name)) }
            let scope = UInt8(scopes.count)
            scopes[name] = scope
            slotRanges.append(0..<0)
            return scope
        }

        private mutating func entryIndex(of path: String) -> Int {
            if let known = indexes[path] { return known }
            let (scope, key) = (scopes[parent(of: path)] ?? 0, Array(lastKey(of: path).utf8))
            precondition(1...255 ~= key.count, "no key in \(path)")
            entries.append(
                Entry(
                    words: NameWords(key.span), keyStart: UInt16(keys.count), count: UInt8(key.count), scope: scope))
            keys += key
            indexes[path] = entries.count - 1
            return entries.count - 1
        }

        private func parent(of path: String) -> String {
            path.lastIndex(of: ".").map { String(path[..<$0]) } ?? ""
        }

        private func lastKey(of path: String) -> String {
            path.lastIndex(of: ".").map { String(path[path.index(after: $0)...]) } ?? path
        }
    }
}
