import Delivery
import Foundation
import Inspector
import Logging
import Reactor
import RelayModel
import Settings
import Synchronization
import Telemetry

/// Takes up a changed configuration while the relay runs.
///
/// Invariants: what is in force always stood whole in one reading of the configuration; the new one is complete, for
/// every thread, before anything of it is handed out, so nothing that can fail comes after; requests that are under way
/// end by the old one; one reload runs at a time. A change of a key that is fixed at start is refused whole.
final class ConfigReloader: ConfigInForce {
    /// An ingress loop and the desk on it.
    typealias Seat = (loop: EventLoop, desk: LoopBound<RequestDesk>)

    /// How long a reload waits for another one, and for the loops. A loop takes up what was posted even after that.
    private static let patience = Duration.seconds(5)

    private let current: Mutex<RelaySettings>
    private let seats = Mutex<[Seat]>([])
    private let isBusy = Atomic<Bool>(false)
    private let source: ReloadSource
    private let delivery: DeliveryInbox
    private let metrics: RelayMetrics
    private let health: HealthState
    private let log: Logger

    init(
        settings: RelaySettings, source: ReloadSource, delivery: DeliveryInbox, metrics: RelayMetrics,
        health: HealthState, log: Logger
    ) {
        current = Mutex(settings)
        self.source = source
        self.delivery = delivery
        self.metrics = metrics
        self.health = health
        self.log = log
        metrics.setConfig(hash: settings.effective.fingerprint, nowSeconds: Int(WallClock.millis() / 1_000))
    }

    /// From then on the desks follow.
    func attach(_ seats: [Seat]) { self.seats.withLock { $0 = seats } }

    /// What is in force.
    var settings: RelaySettings { current.withLock { $0 } }
    var adminToken: SecretValue? { current.withLock { $0.admin.token } }
    var json: String { settings.effective.json }

    /// From any thread but an ingress loop's; it waits for these.
    func reload() -> ConfigReload {
        guard begin() else { return .failed("another reload is under way") }
        defer { isBusy.store(false, ordering: .releasing) }
        let outcome = attempt()
        metrics.configReload(outcome.result).add(1)
        noteHealth(outcome.result)
        report(outcome)
        return outcome
    }

    private func begin() -> Bool {
        let end = ContinuousClock.now + Self.patience
        while !isBusy.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing).exchanged {
            guard ContinuousClock.now < end else { return false }
            Thread.sleep(forTimeInterval: 0.005)
        }
        return true
    }

    private func attempt() -> ConfigReload {
        let new: RelaySettings
        do throws(ConfigErrors) { new = try source.read() } catch {
            return .invalid(
                error.errors.map { ConfigReload.Fault(path: $0.path, line: $0.line, message: $0.message) })
        }
        let old = settings
        let difference = SettingsDifference(from: old, to: new)
        guard difference.needRestart.isEmpty else { return .restartNeeded(keys: difference.needRestart) }
        guard !difference.changed.isEmpty else {
            // The same values may stand on other lines now.
            current.withLock { $0 = new }
            return .unchanged
        }
        do { try apply(new, insteadOf: old) } catch { return .failed("\(error)") }
        return .applied(changed: difference.changed)
    }

    /// - Throws: before anything has changed.
    private func apply(_ new: RelaySettings, insteadOf old: RelaySettings) throws {
        let seats = seats.withLock { $0 }
        // Every sender's allowance begins anew.
        let limits = RateLimits(new, metrics: metrics)
        let rules = try seats.map { _ in Handover(try DeskRules(new, metrics: metrics, limits: limits)) }
        current.withLock { $0 = new }
        source.threshold.level = new.log.level.swiftLog
        delivery.post(.reconfigured(DeliverySettings(new), changed: Self.changedDestinations(from: old, to: new)))
        hand(rules, to: seats)
        metrics.setConfig(hash: new.effective.fingerprint, nowSeconds: Int(WallClock.millis() / 1_000))
        for warning in new.advice { log.warning("settings", metadata: ["text": "\(warning)"]) }
    }

    /// Only those: a destination that rests is tried again by new settings.
    private static func changedDestinations(from old: RelaySettings, to new: RelaySettings) -> [Int] {
        new.destinations.indices.filter {
            old.destinations[$0] != new.destinations[$0] || old.upstream.url != new.upstream.url
        }
    }

    private func hand(_ rules: [Handover<DeskRules>], to seats: [Seat]) {
        let taken = DispatchSemaphore(value: 0)
        for (seat, rules) in zip(seats, rules) {
            let desk = seat.desk
            let isPosted = seat.loop.post {
                if let rules = rules.take() { desk.value.adopt(rules) }
                taken.signal()
            }
            if !isPosted { log.error("a loop takes no new settings", metadata: ["loop": "\(seat.loop.name)"]) }
        }
        let end = DispatchTime.now() + .milliseconds(Int(Self.patience.milliseconds))
        for _ in seats where taken.wait(timeout: end) == .timedOut {
            return log.warning("a loop is late to take up the new settings")
        }
    }

    private func noteHealth(_ result: ConfigReloadResult) {
        let now = MonotonicClock.millis()
        switch result {
        case .applied, .unchanged: health.configurationApplied(nowMillis: now)
        case .invalid, .restartNeeded, .failed: health.configurationRefused(code: result.rawValue, nowMillis: now)
        }
    }

    private func report(_ outcome: ConfigReload) {
        switch outcome {
        case .applied(let changed):
            log.notice(
                "the configuration was reloaded", metadata: ["changed": "\(changed.joined(separator: ", "))"])
        case .unchanged: log.notice("the configuration was reloaded: nothing has changed")
        case .invalid(let faults):
            for fault in faults {
                log.error(
                    "the new configuration is faulty; the old one stays",
                    metadata: [
                        "key": "\(fault.path)", "line": "\(fault.line.map { "\($0)" } ?? "")",
                        "text": "\(fault.message)",
                    ])
            }
        case .restartNeeded(let keys):
            log.error(
                "the new configuration needs a restart; the old one stays",
                metadata: ["keys": "\(keys.joined(separator: ", "))"])
        case .failed(let text):
            log.error("the configuration could not be taken up; the old one stays", metadata: ["text": "\(text)"])
        }
    }
}

extension ConfigReload {
    fileprivate var result: ConfigReloadResult {
        switch self {
        case .applied: .applied
        case .unchanged: .unchanged
        case .invalid: .invalid
        case .restartNeeded: .restartNeeded
        case .failed: .failed
        }
    }
}
