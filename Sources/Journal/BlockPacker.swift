/// Joins the blocks of one commit to as few rows as the limits allow, per destination, in the order of arrival.
///
/// A row holds at most `maxEvents` events and `maxBytes` bytes; only a single event larger than that stands alone in a
/// larger row.
public struct BlockPacker: Sendable {
    /// The upstream takes 1000 events a request (`pinterest-api.md`).
    public static let defaultMaxEvents = 1000
    public static let defaultMaxBytes = 1 << 20

    public let maxEvents: Int
    public let maxBytes: Int
    /// The finished rows and, last of each destination, the one that is being filled.
    public private(set) var rows: [DestinationBlock] = []
    private var openRow: [DestinationIndex: Int] = [:]

    public init(maxEvents: Int = defaultMaxEvents, maxBytes: Int = defaultMaxBytes) {
        self.maxEvents = max(maxEvents, 1)
        self.maxBytes = max(maxBytes, 1)
    }

    /// Adds all events of a block; an empty one adds nothing.
    public mutating func add(_ block: EventBlock, to destination: DestinationIndex) {
        if block.isEmpty { return }
        if block.eventCount <= maxEvents, block.payload.count <= maxBytes {
            place(block, in: destination)
        } else {
            split(block, in: destination)
        }
    }

    private mutating func place(_ block: EventBlock, in destination: DestinationIndex) {
        if let row = openRow[destination], fits(block, rows[row].block) {
            rows[row].block.append(block)
        } else {
            openRow[destination] = rows.endIndex
            rows.append(DestinationBlock(destination: destination, block: block))
        }
    }

    private mutating func split(_ block: EventBlock, in destination: DestinationIndex) {
        for entry in block.entries {
            var single = EventBlock()
            single.append(nameCode: entry.nameCode, eventTime: entry.eventTime, json: block.payload[entry.json])
            place(single, in: destination)
        }
    }

    private func fits(_ block: EventBlock, _ row: EventBlock) -> Bool {
        row.eventCount + block.eventCount <= maxEvents && row.payload.count + block.payload.count <= maxBytes
    }
}
