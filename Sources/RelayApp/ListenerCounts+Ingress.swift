import HTTPIngress
import Telemetry

extension ListenerCounts {
    /// The sums over these listeners.
    init(_ counters: [IngressCounters]) {
        self.init()
        for one in counters {
            connectionsOpen += one.connectionsOpen
            requestsInFlight += one.requestsInFlight
            connectionsAccepted += one.connectionsAccepted
            connectionsRefused += one.connectionsRefused
            connectionsEvicted += one.connectionsEvicted
            deadlineCuts += one.deadlineCuts
            requestsReceived += one.requestsReceived
            requestsMalformed += one.guardRejections
            handshakesFailed += one.handshakesFailed
            repliesDropped += one.repliesDropped
        }
        acceptFailures = IngressCounters.acceptPauses
    }
}
