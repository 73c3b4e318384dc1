import Delivery
import Foundation
import JournalSQLite
import RelayTestKit
import Settings
import Telemetry

@testable import RelayApp

// `journal`, `dedup`, `delivery`, `drain`, `log`.
extension KeyEffect {
    static let operation = journal + delivery + breaker + drain + log + process

    private static func store(_ read: @escaping @Sendable (JournalSQLite.JournalSettings) -> some Any) -> Look {
        value { read(JournalSQLite.JournalSettings($0)) }
    }

    private static func placed(_ path: String) -> ConfigDraft {
        .root(
            """
            listen: { address: 127.0.0.1, port: 0, threads: 1 }
            admin: { port: 0 }
            journal: { path: FOLDER/\(path), allow_volatile: true }
            """)
    }

    private static let journal: [KeyEffect] = [
        // There is one kind so far: what changes is that another one is refused.
        KeyEffect(
            "journal.kind", .root("journal: { kind: paper }"), .gives("refused: journal.kind"), store(\.directory)),
        KeyEffect(
            "journal.path", from: placed("one"), placed("two"), .gives("two"),
            running { _, folder in try FileManager.default.contentsOfDirectory(atPath: folder).joined(separator: " ") }),
        KeyEffect(
            "journal.max_bytes", .root("journal: { max_bytes: 1GiB }"), .gives("<1073741824>"), store(\.maxBytes)),
        KeyEffect(
            "journal.min_free_bytes", .root("journal: { min_free_bytes: 1KiB }"), .gives("<1024>"),
            store(\.minFreeBytes)),
        KeyEffect(
            "journal.ballast_bytes", .root("journal: { ballast_bytes: 1KiB }"), .gives("<1024>"), store(\.ballastBytes)),
        KeyEffect(
            "journal.allow_volatile", .root("journal: { allow_volatile: true }"), .gives("<true>"),
            store(\.allowsVolatile)),
        KeyEffect(
            "journal.commit_interval", .root("journal: { commit_interval: 7ms }"), .gives("<0.007 seconds>"),
            store(\.commitInterval)),
        KeyEffect("dedup.window", .root("dedup: { window: 1h }"), .gives("<3600000>"), store(\.repeatWindowMillis)),
        KeyEffect("dedup.max_keys", .root("dedup: { max_keys: 5000 }"), .gives("<5000>"), store(\.maxRepeatKeys)),
    ]

    private static func sending(_ read: @escaping @Sendable (Delivery.DeliverySettings) -> some Any) -> Look {
        value { read(Delivery.DeliverySettings($0)) }
    }

    private static let process: [KeyEffect] = [
        // That it reaches the process is seen in `/proc` of a running relay (`ProcessLimitTests`).
        KeyEffect(
            "process.core_dumps", .root("process: { core_dumps: true }"), .gives("<true>"), value(\.process.coreDumps))
    ]

    private static let delivery: [KeyEffect] = [
        KeyEffect("delivery.max_batch", .root("delivery: { max_batch: 7 }"), .gives("<7>"), sending(\.maxBatch)),
        KeyEffect("delivery.linger", .root("delivery: { linger: 7ms }"), .gives("<7>"), sending(\.lingerMillis)),
        KeyEffect(
            "delivery.retry_base", .root("delivery: { retry_base: 70ms }"), .gives("<70>"), sending(\.retry.baseMillis)),
        KeyEffect(
            "delivery.retry_cap", .root("delivery: { retry_cap: 7s }"), .gives("<7000>"), sending(\.retry.capMillis)),
        KeyEffect(
            "delivery.max_in_flight", .root("delivery: { max_in_flight: 3 }"), .gives("<3>"),
            sending(\.maxInFlightPerDestination)),
    ]

    private static let breaker: [KeyEffect] = [
        KeyEffect(
            "delivery.retry_after_cap", .root("delivery: { retry_after_cap: 7s }"), .gives("<7000>"),
            sending(\.retry.floorCapMillis)),
        KeyEffect("delivery.pause", .root("delivery: { pause: 7s }"), .gives("<7000>"), sending(\.pauseMillis)),
        KeyEffect(
            "delivery.fresh_within", .root("delivery: { fresh_within: 7s }"), .gives("<7000>"), store(\.youngMillis)),
        KeyEffect(
            "delivery.breaker.window", .root("delivery: { breaker: { window: 7s } }"), .gives("<7000>"),
            sending(\.breaker.windowMillis)),
        KeyEffect(
            "delivery.breaker.min_requests", .root("delivery: { breaker: { min_requests: 7 } }"), .gives("<7>"),
            sending(\.breaker.minCalls)),
        KeyEffect(
            "delivery.breaker.failure_percent", .root("delivery: { breaker: { failure_percent: 7 } }"), .gives("<7>"),
            sending(\.breaker.failurePercent)),
        KeyEffect(
            "delivery.breaker.open", .root("delivery: { breaker: { open: 7s } }"), .gives("<7000>"),
            sending(\.breaker.openMillis)),
        KeyEffect(
            "delivery.breaker.open_cap", .root("delivery: { breaker: { open_cap: 1m } }"), .gives("<60000>"),
            sending(\.breaker.openCapMillis)),
        KeyEffect(
            "dead_letters.retention", .root("dead_letters: { retention: 7s }"), .gives("<7000>"),
            store(\.deadLetterRetentionMillis)),
        KeyEffect(
            "dead_letters.max_bytes", .root("dead_letters: { max_bytes: 1MiB }"), .gives("<1048576>"),
            store(\.maxDeadLetterBytes)),
    ]

    /// What a relay does once it is asked to stop, at time 0.
    private static func stopping(_ inputs: [(ShutdownMachine.Input, Int64)]) -> Look {
        value { settings in
            var machine = ShutdownMachine(settings.drain)
            for (input, now) in inputs { _ = machine.handle(input, nowMillis: now) }
            return machine.state
        }
    }

    private static let drain: [KeyEffect] = [
        KeyEffect(
            "drain.pre_stop", .root("drain: { pre_stop: 7s }"), .gives("announced(untilMillis: 7000)"),
            stopping([(.terminationRequested, 0)])),
        KeyEffect(
            "drain.deadline", .root("drain: { deadline: 7s }"), .gives("closing(deadlineMillis: 107000"),
            stopping([(.terminationRequested, 0), (.timePassed, 100_000)])),
    ]

    /// The first log lines of a relay that cannot start.
    private static let logged: Look = { trial in
        let folder = TemporaryFolder()
        let file = try folder.write("pinrelay.yaml", trial.yaml)
        let process = try BinaryProcess(["run", "--config", file])
        _ = process.exitCode()
        return process.output
    }

    private static let noJournal = "journal: { path: /proc/none }\n"

    private static let log: [KeyEffect] = [
        KeyEffect(
            "log.level", from: .root(noJournal), .root(noJournal + "log: { level: critical }"),
            .takes("\"level\":\"warning\""), logged),
        KeyEffect(
            "log.format", from: .root(noJournal), .root(noJournal + "log: { format: text }"),
            .takes("{\"time\""), logged),
    ]
}
