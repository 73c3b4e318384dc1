import RelayModel
import Telemetry

/// The last events that a thread has taken, for the admin port: a ring of fixed size that is there from the start, so
/// that noting an event allocates nothing and takes no lock. Belongs to one loop.
struct SeenEvents {
    static let capacity = 512

    private var ring: [SeenEvent] = []
    private var next = 0

    /// In the order in which they came.
    var events: [SeenEvent] { ring.count < Self.capacity ? ring : Array(ring[next...] + ring[..<next]) }

    /// Only the first ring's worth of events grows the ring.
    mutating func note(_ event: SeenEvent) {
        if ring.count < Self.capacity {
            if ring.isEmpty { ring.reserveCapacity(Self.capacity) }
            return ring.append(event)
        }
        ring[next] = event
        next = (next + 1) % Self.capacity
    }
}

/// One incoming event and what became of it at the door. Only its name and the id under which it leaves are texts.
struct SeenEvent: Sendable {
    enum Outcome: Sendable, Equatable {
        /// It goes to so many destinations.
        case sendable(copies: Int)
        case notSent(NotSentReason)
        case dead(DeadReason)
    }

    var atMicros: Int64
    /// The source's place in the settings.
    var source: Int
    var outcome: Outcome
    /// As sent.
    var name = ShortText()
    /// A ``StandardEvent`` raw value, or 255; nil for an event that got no upstream name.
    var nameCode: UInt8?
    var eventID = ShortText()
    var identifiers: MatchIdentifiers = []
}

/// A text of at most 48 bytes, without memory of its own. A longer one is not cut: half of an e-mail address would no
/// longer be known for what it is.
struct ShortText: Sendable {
    private static let capacity = 48

    private var bytes = InlineArray<48, UInt8>(repeating: 0)
    private var count = 0
    private var isTooLong = false

    init() {}

    init(_ text: ArraySlice<UInt8>) {
        guard text.count <= Self.capacity else {
            isTooLong = true
            return
        }
        for byte in text {
            bytes[count] = byte
            count += 1
        }
    }

    /// Nil for one that is longer.
    var string: String? {
        isTooLong ? nil : String(decoding: (0..<count).map { bytes[$0] }, as: UTF8.self)
    }
}
