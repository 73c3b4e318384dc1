/// Replies that wait for something that happens elsewhere, for the journal as a rule. Belongs to one loop; other threads
/// know a parked reply by its ticket only.
///
/// A ticket is used once: after `take` it never names another reply, so a late or repeated message does no harm.
public final class ParkedReplies {
    private struct Ticket {
        var slot: Int
        var generation: UInt32

        init(slot: Int, generation: UInt32) {
            self.slot = slot
            self.generation = generation
        }

        init(_ number: UInt64) {
            slot = Int(number & 0xFFFF_FFFF)
            generation = UInt32(number >> 32)
        }

        var number: UInt64 { UInt64(generation) << 32 | UInt64(slot) }
    }

    /// An array cannot hold what cannot be copied, a class can; slots are reused.
    private final class Slot {
        var reply: ReplyHandle?
        var generation: UInt32 = 0
    }

    private let capacity: Int
    private var slots: [Slot] = []
    private var free: [Int] = []

    /// - Parameter capacity: how many replies may wait at once.
    public init(capacity: Int) {
        self.capacity = min(max(1, capacity), Int(UInt32.max))
    }

    public var count: Int { slots.count - free.count }

    /// Keeps a reply until it is taken.
    ///
    /// - Returns: its ticket; nil if the table is full, in which case the reply has been answered with 503.
    public func park(_ reply: consuming ReplyHandle) -> UInt64? {
        guard let index = freeSlot() else {
            reply.send(.overloaded)
            return nil
        }
        let slot = slots[index]
        slot.reply = consume reply
        return Ticket(slot: index, generation: slot.generation).number
    }

    /// Gives the reply back; nil if it has been taken before.
    public func take(_ number: UInt64) -> ReplyHandle? {
        let ticket = Ticket(number)
        guard slots.indices.contains(ticket.slot), slots[ticket.slot].generation == ticket.generation else {
            return nil
        }
        return empty(ticket.slot)
    }

    /// Hands over all replies, in no order.
    public func takeAll(_ body: (consuming ReplyHandle) -> Void) {
        for index in slots.indices {
            if let reply = empty(index) { body(reply) }
        }
    }

    private func freeSlot() -> Int? {
        if let index = free.popLast() { return index }
        guard slots.count < capacity else { return nil }
        slots.append(Slot())
        return slots.count - 1
    }

    private func empty(_ index: Int) -> ReplyHandle? {
        let slot = slots[index]
        guard let reply = slot.reply.take() else { return nil }
        slot.generation &+= 1
        free.append(index)
        return reply
    }
}
