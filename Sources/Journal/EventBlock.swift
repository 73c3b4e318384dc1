public import RelayModel

/// Events of one commit for one destination, already encoded for the upstream: what one journal row holds.
///
/// Layout, little-endian, an entry behind the other: `UInt32` length of the JSON, `Int64` event time in seconds,
/// `UInt8` event name (``StandardEvent`` raw value, or 255 for an advertiser-defined one), then the JSON's bytes.
public struct EventBlock: Sendable, Equatable {
    /// What the length, time and name of an entry take, in bytes.
    public static let entryHeaderByteCount = 13
    /// The name code of an advertiser-defined event.
    public static let advertiserDefinedCode: UInt8 = 255

    public private(set) var payload: [UInt8]
    public private(set) var eventCount: Int

    public init() {
        payload = []
        eventCount = 0
    }

    /// Takes over a stored payload.
    /// - Returns: nil when the bytes are not a whole number of entries, or not `eventCount` of them.
    public init?(payload: [UInt8], eventCount: Int) {
        self.payload = payload
        self.eventCount = eventCount
        var seen = 0
        var at = 0
        while at < payload.count {
            guard let entry = Self.entry(at: at, in: payload) else { return nil }
            at = entry.json.upperBound
            seen += 1
        }
        guard seen == eventCount else { return nil }
    }

    public var isEmpty: Bool { eventCount == 0 }

    /// Appends one encoded event.
    public mutating func append(nameCode: UInt8, eventTime: Int64, json: some Collection<UInt8>) {
        appendInteger(UInt32(json.count))
        appendInteger(UInt64(bitPattern: eventTime))
        payload.append(nameCode)
        payload.append(contentsOf: json)
        eventCount += 1
    }

    /// Appends all entries of another block.
    public mutating func append(_ other: EventBlock) {
        payload.append(contentsOf: other.payload)
        eventCount += other.eventCount
    }

    /// The block without the entries at these offsets.
    public func removing(_ offsets: Set<Int>) -> EventBlock {
        var rest = EventBlock()
        for (offset, entry) in entries.enumerated() where !offsets.contains(offset) {
            rest.append(nameCode: entry.nameCode, eventTime: entry.eventTime, json: payload[entry.json])
        }
        return rest
    }

    /// The entries in order.
    public var entries: [Entry] {
        var found: [Entry] = []
        found.reserveCapacity(eventCount)
        var at = 0
        while at < payload.count, let entry = Self.entry(at: at, in: payload) {
            found.append(entry)
            at = entry.json.upperBound
        }
        return found
    }

    /// One event of a block: where its JSON stands in ``payload``.
    public struct Entry: Sendable, Equatable {
        public var eventTime: Int64
        public var nameCode: UInt8
        public var json: Range<Int>

        /// The standard event; nil for an advertiser-defined one.
        public var name: StandardEvent? { StandardEvent(rawValue: nameCode) }
    }

    private static func entry(at: Int, in payload: [UInt8]) -> Entry? {
        let body = at + entryHeaderByteCount
        guard body <= payload.count else { return nil }
        let length = Int(integer(at: at, byteCount: 4, in: payload))
        guard length <= payload.count - body else { return nil }
        let time = Int64(bitPattern: integer(at: at + 4, byteCount: 8, in: payload))
        return Entry(eventTime: time, nameCode: payload[at + 12], json: body..<body + length)
    }

    private static func integer(at: Int, byteCount: Int, in payload: [UInt8]) -> UInt64 {
        var value: UInt64 = 0
        for offset in 0..<byteCount { value |= UInt64(payload[at + offset]) << UInt64(8 * offset) }
        return value
    }

    private mutating func appendInteger<Value: FixedWidthInteger>(_ value: Value) {
        for shift in stride(from: 0, to: Value.bitWidth, by: 8) {
            payload.append(UInt8(truncatingIfNeeded: value >> Value(shift)))
        }
    }
}
