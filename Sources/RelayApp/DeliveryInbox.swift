import Delivery
import HTTPEgress
import Journal
import Synchronization

/// How other threads reach the delivery thread: messages behind a mutex, and a wake-up of its wait on the network.
///
/// Bounded by what may be said: a lease is only sent when one was asked for, and repeated `ready` hints are merged.
final class DeliveryInbox: Sendable {
    enum Message: Sendable {
        case leased(Lease)
        /// There are new settings, for these destinations too.
        case reconfigured(DeliverySettings, changed: [DestinationIndex])
        /// Lease nothing more; the closure is called once nothing is in flight.
        case drain(@Sendable () -> Void)
        /// The drain's time is over: give back what is left.
        case expire
        case stop
    }

    /// What has come in since the last look.
    struct Arrivals {
        var ready: Set<DestinationIndex> = []
        var messages: [Message] = []

        var isEmpty: Bool { ready.isEmpty && messages.isEmpty }
    }

    private struct State {
        var arrivals = Arrivals()
        var waker: EgressWaker?
    }

    private let state = Mutex(State())

    /// From then on, arrivals wake the thread.
    func attach(_ waker: EgressWaker) {
        state.withLock { $0.waker = waker }
    }

    func post(_ message: Message) {
        signal { $0.messages.append(message) }
    }

    func ready(_ destinations: [DestinationIndex]) {
        signal { $0.ready.formUnion(destinations) }
    }

    func take() -> Arrivals {
        state.withLock { state in
            defer { state.arrivals = Arrivals() }
            return state.arrivals
        }
    }

    private func signal(_ change: (inout Arrivals) -> Void) {
        let waker = state.withLock { state in
            let wasEmpty = state.arrivals.isEmpty
            change(&state.arrivals)
            return wasEmpty ? state.waker : nil
        }
        waker?.wake()
    }
}
