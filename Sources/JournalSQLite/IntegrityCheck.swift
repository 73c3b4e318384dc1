import Dispatch
import Foundation
import GRDB
import Synchronization

/// SQLite's own look through the database after an unclean end, on a thread of its own. It reads under one long snapshot,
/// and while it does the write-ahead log cannot start anew; so it can be told to make way, and comes back later.
final class IntegrityCheck: Sendable {
    private static let attempts = 50
    private static let pause = DispatchTimeInterval.seconds(30)

    private struct State {
        var queue: DatabaseQueue?
        var isStopped = false
    }

    private let state = Mutex(State())
    private let isReading = Atomic<Bool>(false)
    private let wake = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)

    /// True while it holds the log.
    var holdsLog: Bool { isReading.load(ordering: .relaxed) }

    /// - Parameter onDamage: called on the check's thread.
    init(path: String, after delay: DispatchTimeInterval, onDamage: @escaping @Sendable () -> Void) {
        let thread = Thread { [self] in
            _ = wake.wait(timeout: .now() + delay)
            run(path, onDamage)
            ended.signal()
        }
        thread.name = "integrity"
        thread.start()
    }

    /// Lets go of the log for a while.
    func makeWay() { state.withLock { $0.queue?.interrupt() } }

    /// Ends the thread, and waits for it.
    func stop() {
        state.withLock { state in
            state.isStopped = true
            state.queue?.interrupt()
        }
        wake.signal()
        ended.wait()
    }

    private var isStopped: Bool { state.withLock { $0.isStopped } }

    private func run(_ path: String, _ onDamage: () -> Void) {
        for _ in 0..<Self.attempts where !isStopped {
            switch check(path) {
            case true?: return
            case false?: return onDamage()
            case nil: _ = wake.wait(timeout: .now() + Self.pause)
            }
        }
    }

    /// - Returns: whether the file is sound; nil when that could not be found out.
    private func check(_ path: String) -> Bool? {
        var configuration = Configuration()
        configuration.label = "journal.check"
        configuration.readonly = true
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            state.withLock { $0.queue = queue }
            isReading.store(true, ordering: .relaxed)
            defer {
                isReading.store(false, ordering: .relaxed)
                state.withLock { $0.queue = nil }
            }
            if isStopped { return nil }
            return try queue.read { db in try String.fetchOne(db, sql: "PRAGMA quick_check(1)") } == "ok"
        } catch {
            let fault = JournalError(error, operation: "check the journal")
            return fault.disposition == .setAside ? false : nil
        }
    }
}
