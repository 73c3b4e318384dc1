public import Journal

/// Names a call; unique in one machine.
public typealias BatchID = UInt64

/// What the driver of a ``DeliveryMachine`` has to do, in order.
public enum DeliveryAction: Sendable {
    /// Hand the settlements to the journal.
    case settle([Settlement])
    case requestLease(LeaseRequest)
    /// Make the call and report its outcome under the batch's id.
    case send(OutgoingBatch)
    /// Call ``DeliveryMachine/timePassed(now:)`` at this time, milliseconds since 1970; it replaces an earlier one.
    case wakeAt(Int64)
    /// Count it, log it.
    case report(DeliveryFact)
}

/// A batch on its way: the finished call, and which events are in its body, in order.
public struct OutgoingBatch: Sendable {
    public var id: BatchID
    public var destination: DestinationIndex
    public var entries: [BatchEntry]
    public var call: UpstreamCall
}

/// Something that happened in delivery, for metrics and logs; never personal data. Delivered and dead events are not
/// told here but in the settlements, which count once they are committed.
public enum DeliveryFact: Sendable, Equatable {
    /// An HTTP answer to a call with this many events. `requestID` is the upstream's own.
    case answered(destination: DestinationIndex, status: Int, events: Int, requestID: String)
    /// A call without answer.
    case failed(destination: DestinationIndex, fault: TransportFault, events: Int)
    /// Events that the upstream took more than an hour after they happened: it counts them as offline.
    case deliveredLate(destination: DestinationIndex, events: Int)
    /// The upstream took a call and refused events of it. `requestID` is the upstream's own.
    case refused(destination: DestinationIndex, events: Int, requestID: String)
    /// Events that the upstream took with a warning; `sample` is one of its texts, bounded and masked.
    case warned(destination: DestinationIndex, events: Int, sample: String)
    /// A refused request was cut in two.
    case split(destination: DestinationIndex, events: Int)
    /// An answer that settled nothing for this many events.
    case unsettled(destination: DestinationIndex, events: Int)
    /// Calls rest until then. `message` is the upstream's, bounded and masked.
    case shut(destination: DestinationIndex, cause: ShutCause, untilMillis: Int64, message: String)
    /// Calls go on: the probe was answered.
    case reopened(destination: DestinationIndex, cause: ShutCause)
}

/// How a destination stands, for the inspector and the metrics.
public struct DestinationStatus: Sendable, Equatable {
    /// Events leased from the journal and not yet settled.
    public var heldEvents: Int
    public var callsInFlight: Int
    /// Calls that may be under way at once now.
    public var callsAllowed: Int
    /// Why calls rest; nil while they go on.
    public var shut: ShutCause?
    /// When the next probe is due; nil while calls go on or the probe is on its way.
    public var shutUntilMillis: Int64?
}
