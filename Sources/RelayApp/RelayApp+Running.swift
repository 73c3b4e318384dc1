import Delivery
import Foundation
import HTTPIngress
import Journal
import JournalSQLite
import Logging
import Reactor
import Settings
import Synchronization
import Telemetry

/// How a run ended.
public enum RunOutcome: Sendable {
    /// Everything in flight was waited for.
    case drained
    /// The deadline, or a second signal, came first; what was not delivered waits in the journal.
    case cutShort
    /// The journal's disk failed. What was answered as stored is on it, and the next start reads it from there.
    case journalFailed
}

extension RelayApp {
    /// Blocks the signals that ``runUntilSignalled()`` waits for. The first thing in the process, before any thread.
    public static func blockSignals() { ProcessSignals.block() }

    /// Serves until SIGTERM or SIGINT, then drains and stops. On the main thread.
    public func runUntilSignalled() -> RunOutcome {
        let watch = DrainWatch(ingressCount: ingress.count)
        var machine = ShutdownMachine(reloader.settings.drain)
        while true {
            if let cutShort = perform(nextActions(&machine, watch), watch) {
                log.notice(
                    "stopped", metadata: ["queued": "\(queuedEvents)", "cut_short": "\(cutShort)"])
                return events.hasFailed ? .journalFailed : cutShort ? .cutShort : .drained
            }
        }
    }

    private func nextActions(_ machine: inout ShutdownMachine, _ watch: DrainWatch) -> [ShutdownMachine.Action] {
        let isServing = machine.state == .serving
        let signal = ProcessSignals.wait(for: isServing ? .seconds(1) : .milliseconds(20))
        let now = MonotonicClock.millis()
        logLibevent()
        watchCertificate()
        switch signal {
        case .terminate, .interrupt:
            log.notice("asked to stop")
            if isServing { machine = ShutdownMachine(reloader.settings.drain) }
            return machine.handle(.terminationRequested, nowMillis: now)
        // Beside this thread: a file that hangs must not keep a SIGTERM waiting.
        case .hangUp: Thread.detachNewThread { [reloader] in _ = reloader.reload() }
        case nil: break
        }
        var actions = machine.handle(.timePassed, nowMillis: now)
        if events.hasFailed { actions += machine.handle(.journalFailed, nowMillis: now) }
        if watch.ingressIsDone { actions += machine.handle(.ingressDrained, nowMillis: now) }
        if watch.deliveryIsDone { actions += machine.handle(.deliveryDrained, nowMillis: now) }
        return actions
    }

    /// - Returns: whether the end was cut short, once everything has ended; nil before.
    private func perform(_ actions: [ShutdownMachine.Action], _ watch: DrainWatch) -> Bool? {
        for action in actions {
            switch action {
            case .announceUnready:
                health.startDraining()
                for thread in ingress { thread.announceEnd() }
            case .drainIngress: drainIngress(watch)
            case .drainDelivery: delivery.drain { watch.deliveryEnded() }
            case .stop(let cutShort):
                if cutShort { delivery.inbox.post(.expire) }
                stop()
                return cutShort || watch.ingressWasCut
            }
        }
        return nil
    }

    private func drainIngress(_ watch: DrainWatch) {
        for thread in ingress {
            thread.drain(deadline: reloader.settings.drain.deadline) { outcome in
                watch.ingressEnded(wasCut: !outcome.isClean)
            }
        }
    }

    /// libevent's own words, which its callback has only put aside.
    private func logLibevent() {
        let batch = LibeventLog.take()
        for entry in batch.entries {
            log.log(level: entry.isError ? .error : .warning, "libevent", metadata: ["text": "\(entry.message)"])
        }
        if batch.suppressed > 0 {
            log.warning("libevent messages were left out", metadata: ["count": "\(batch.suppressed)"])
        }
    }
}

/// What the other threads report while the relay drains.
private final class DrainWatch: Sendable {
    private let ingressLeft: Atomic<Int>
    private let cuts = Atomic<Int>(0)
    private let delivery = Atomic<Bool>(false)

    init(ingressCount: Int) { ingressLeft = Atomic(ingressCount) }

    var ingressIsDone: Bool { ingressLeft.load(ordering: .acquiring) == 0 }
    var ingressWasCut: Bool { cuts.load(ordering: .acquiring) > 0 }
    var deliveryIsDone: Bool { delivery.load(ordering: .acquiring) }

    func ingressEnded(wasCut: Bool) {
        if wasCut { cuts.add(1, ordering: .releasing) }
        ingressLeft.subtract(1, ordering: .releasing)
    }

    func deliveryEnded() { delivery.store(true, ordering: .releasing) }
}

extension RelayApp {
    /// Blocks until SIGTERM or SIGINT, for commands that have nothing to drain. On the main thread.
    public static func waitForEnd() {
        while true {
            switch ProcessSignals.wait(for: .seconds(60)) {
            case .terminate, .interrupt: return
            case .hangUp, nil: continue
            }
        }
    }
}
