// The specifications of what is counted at the door, and of match quality.
extension RelayMetric {
    private static let requestBounds = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500]

    /// Nil for any other metric.
    var matchSpec: MetricSpec? {
        switch self {
        case .eventsSendable:
            MetricSpec(
                "pinrelay_events_sendable_total", .counter, [.source, .eventName],
                "Events that are ready to be sent, for each destination: what match quality is a share of.")
        case .eventsIdentified:
            MetricSpec(
                "pinrelay_events_identified_total", .counter, [.source, .eventName, .identifier],
                "Those of them that carry an identifier.")
        default: nil
        }
    }

    /// Nil for any other metric.
    var requestSpec: MetricSpec? {
        switch self {
        case .requestsReceived:
            MetricSpec(
                "pinrelay_requests_received_total", .counter, "Requests that came in whole, answered or not yet.")
        case .requestsInFlight:
            MetricSpec("pinrelay_requests_in_flight", .gauge, "Requests whose answer has not left yet.")
        case .requestEvents:
            MetricSpec(
                "pinrelay_request_events", .histogram(bounds: Self.requestBounds, scale: 1),
                "Events in an incoming request.")
        case .connectionsAccepted:
            MetricSpec("pinrelay_connections_accepted_total", .counter, "Connections accepted on the public port.")
        case .acceptFailures:
            MetricSpec(
                "pinrelay_accept_failures_total", .counter,
                "Connections that could not be accepted: out of file descriptors, as a rule.")
        case .loopLag:
            MetricSpec(
                "pinrelay_loop_lag_seconds", .milliseconds, [.loop],
                "How much later than due a loop's heartbeat came, or is now; over 5 it counts as stuck.")
        default: nil
        }
    }
}
