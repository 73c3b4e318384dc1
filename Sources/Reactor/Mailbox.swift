import Synchronization

/// How other threads hand messages to a loop: a bounded queue behind a mutex, whose handler runs on the loop.
///
/// Invariants:
/// - Messages are handled in the order in which they were sent.
/// - At most `capacity` messages wait; one more is refused and counted, never dropped in silence.
/// - At most `perTurn` messages are handled before the loop looks at its sockets again.
/// - It may be dropped on any thread; what waits, and the handler, are dropped with it.
/// - The loop is woken only when the queue was empty, so a busy loop costs its senders no system call.
public final class Mailbox<Message: Sendable>: @unchecked Sendable {  // the batch is the loop's; the queue has a mutex
    private struct Queue {
        var messages: [Message] = []
        var waiting = 0
        var refused: UInt64 = 0
    }

    private let base: EventBase
    private let capacity: Int
    private let perTurn: Int
    private let handler: (Message) -> Void
    private let queue = Mutex(Queue())
    private var wakeup: Wakeup?

    // The loop's own: messages taken from the queue, handled up to `next`.
    private var batch: [Message] = []
    private var next = 0

    /// Set up on the loop's thread, or before it runs. The handler runs on the loop.
    public convenience init(
        on loop: EventLoop, capacity: Int, perTurn: Int = 256, handler: @escaping (Message) -> Void
    ) throws(ReactorError) {
        loop.assertOnLoop()
        try self.init(base: loop.base, capacity: capacity, perTurn: perTurn, handler: handler)
    }

    init(
        base: EventBase, capacity: Int, perTurn: Int, handler: @escaping (Message) -> Void
    ) throws(ReactorError) {
        self.base = base
        self.capacity = max(1, capacity)
        self.perTurn = max(1, perTurn)
        self.handler = handler
        wakeup = try base.makeWakeup { [weak self] in self?.drainTurn() }
    }

    /// From any thread.
    ///
    /// - Returns: false if the mailbox is full. The message is then not delivered, and `refused` counts it.
    @discardableResult
    public func send(_ message: Message) -> Bool {
        let (taken, wasEmpty) = queue.withLock { queue in
            guard queue.waiting < capacity else {
                queue.refused &+= 1
                return (false, false)
            }
            queue.waiting += 1
            queue.messages.append(message)
            return (true, queue.messages.count == 1)
        }
        if wasEmpty { wakeup?.signal() }
        return taken
    }

    /// How many messages wait. From any thread.
    public var waiting: Int { queue.withLock { $0.waiting } }

    /// How many messages were refused because the mailbox was full. From any thread.
    public var refused: UInt64 { queue.withLock { $0.refused } }

    /// Handles everything that waits, without the cap per turn. On the loop; for drain and tear-down.
    public func drainAll() {
        base.assertOnLoop()
        while handle(upTo: .max) {}
    }

    private func drainTurn() {
        // Woken through the descriptor again, so that the loop looks at its sockets in between.
        if handle(upTo: perTurn) { wakeup?.signal() }
    }

    /// - Returns: true if messages are left over.
    private func handle(upTo limit: Int) -> Bool {
        var handled = 0
        while handled < limit {
            if next == batch.count {
                refill()
                if batch.isEmpty { break }
            }
            let message = batch[next]
            next += 1
            handled += 1
            handler(message)
        }
        let waiting = queue.withLock { queue in
            queue.waiting -= handled
            return queue.waiting
        }
        if next == batch.count { clearBatch() }
        return waiting > 0 && handled > 0
    }

    private func refill() {
        clearBatch()
        queue.withLock { swap(&$0.messages, &batch) }
    }

    private func clearBatch() {
        batch.removeAll(keepingCapacity: true)
        next = 0
    }
}
