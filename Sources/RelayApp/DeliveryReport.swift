import Delivery
import Logging
import RelayModel
import Settings
import Telemetry

/// Counts and logs what delivery says of itself. Called on the delivery thread.
struct DeliveryReport: Sendable {
    private let names: [String]
    private let loopIndex: Int
    private let metrics: RelayMetrics
    private let health: HealthState
    private let log: Logger

    init(_ settings: RelaySettings, metrics: RelayMetrics, health: HealthState, log: Logger) {
        names = settings.destinations.map(\.name)
        loopIndex = settings.loopIndex(.delivery)
        self.metrics = metrics
        self.health = health
        self.log = log
    }

    /// - Returns: the listeners of a ``DeliveryThread``.
    var listeners: DeliveryThread.Listeners {
        let report = self
        return DeliveryThread.Listeners(
            fact: { report.take($0) },
            callEnded: { report.metrics.upstreamLatency.observe(Int($0)) },
            status: { destination, status in
                report.metrics.setUpstream(
                    destination: destination, stopped: status.shut.map { StopCause($0) }, allowed: status.callsAllowed,
                    inFlight: status.callsInFlight)
            },
            turned: { report.health.beat(loop: report.loopIndex, nowMillis: MonotonicClock.millis()) })
    }

    private func take(_ fact: DeliveryFact) {
        switch fact {
        case .answered(let destination, let status, let events, let requestID):
            answered(destination, status, events, requestID)
        case .failed(let destination, let fault, let events): failed(destination, fault, events)
        case .deliveredLate(let destination, let events): metrics.late(destination: destination).add(events)
        case .refused(let destination, let events, let requestID):
            log.warning(
                "the upstream refused events", metadata: at(destination, events, ["x-pinterest-rid": "\(requestID)"]))
        case .warned(let destination, let events, let sample):
            log.debug(
                "the upstream took events with a warning", metadata: at(destination, events, ["text": "\(sample)"]))
        case .split(let destination, let events):
            log.notice("a refused request was split", metadata: at(destination, events))
        case .unsettled(let destination, let events):
            log.warning("an upstream answer settled nothing", metadata: at(destination, events))
        case .shut(let destination, let cause, let untilMillis, let message):
            shut(destination, cause, untilMillis, message)
        case .reopened(let destination, let cause):
            log.notice("the destination is open again", metadata: at(destination, nil, ["cause": "\(cause)"]))
        }
    }

    private func answered(_ destination: Int, _ status: Int, _ events: Int, _ requestID: String) {
        metrics.upstreamRequest(destination: destination, Telemetry.UpstreamOutcome(status: status)).add(1)
        metrics.upstreamBatch.observe(events)
        let works = status == 200 || status == 422
        tell(destination, works ? .working : .failing, status, fault: works ? nil : "http_\(status)")
        let level: Logger.Level = works ? .debug : .warning
        log.log(
            level: level, "the upstream answered",
            metadata: at(destination, events, ["status": "\(status)", "x-pinterest-rid": "\(requestID)"]))
    }

    private func failed(_ destination: Int, _ fault: TransportFault, _ events: Int) {
        metrics.upstreamRequest(destination: destination, .transport).add(1)
        tell(destination, .failing, nil, fault: fault.rawValue)
        log.warning("the upstream gave no answer", metadata: at(destination, events, ["fault": "\(fault.rawValue)"]))
    }

    private func shut(_ destination: Int, _ cause: ShutCause, _ untilMillis: Int64, _ message: String) {
        tell(destination, .stopped, nil)
        log.error(
            "calls to the destination rest",
            metadata: at(
                destination, nil,
                ["cause": "\(cause)", "until_millis": "\(untilMillis)", "upstream": "\(message)"]))
    }

    private func tell(
        _ destination: Int, _ state: HealthState.Upstream, _ status: Int?, fault: String? = nil
    ) {
        health.setUpstream(
            destination: destination, state, status: status, fault: fault, nowMillis: MonotonicClock.millis())
    }

    private func at(_ destination: Int, _ events: Int?, _ more: Logger.Metadata = [:]) -> Logger.Metadata {
        var metadata = more
        metadata["destination"] = "\(names[destination])"
        if let events { metadata["events"] = "\(events)" }
        return metadata
    }
}

extension StopCause {
    fileprivate init(_ cause: ShutCause) {
        switch cause {
        case .rateLimited: self = .rateLimited
        case .refused: self = .refused
        case .unreachable: self = .unreachable
        case .failing: self = .failing
        }
    }
}
