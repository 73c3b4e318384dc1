/// What the public listeners count themselves, as sums over all of them.
public struct ListenerCounts: Sendable {
    public var connectionsOpen = 0
    public var requestsInFlight = 0
    public var connectionsAccepted: UInt64 = 0
    public var connectionsRefused: UInt64 = 0
    public var connectionsEvicted: UInt64 = 0
    public var deadlineCuts: UInt64 = 0
    public var requestsReceived: UInt64 = 0
    public var requestsMalformed: UInt64 = 0
    public var handshakesFailed: UInt64 = 0
    public var repliesDropped: UInt64 = 0
    public var acceptFailures: UInt64 = 0

    public init() {}
}

extension RelayMetrics {
    public func setListeners(_ counts: ListenerCounts) {
        cell(.connectionsOpen).set(counts.connectionsOpen)
        cell(.requestsInFlight).set(counts.requestsInFlight)
        cell(.connectionsAccepted).set(Int(clamping: counts.connectionsAccepted))
        cell(.connectionsRefused).set(Int(clamping: counts.connectionsRefused))
        cell(.connectionsEvicted).set(Int(clamping: counts.connectionsEvicted))
        cell(.deadlineCuts).set(Int(clamping: counts.deadlineCuts))
        cell(.requestsReceived).set(Int(clamping: counts.requestsReceived))
        cell(.requestsMalformed).set(Int(clamping: counts.requestsMalformed))
        cell(.handshakesFailed).set(Int(clamping: counts.handshakesFailed))
        cell(.repliesDropped).set(Int(clamping: counts.repliesDropped))
        cell(.acceptFailures).set(Int(clamping: counts.acceptFailures))
    }

    /// - Parameter millis: by loop, as ``HealthState/lagsMillis(nowMillis:)`` gives it.
    public func setLoopLags(millis: [Int64]) {
        for (loop, lag) in zip(layout.loops.indices, millis) { cell(.loopLag, loop).set(Int(lag)) }
    }
}
