import Foundation
import HTTPIngress
import Inspector
import Journal
import Logging
import Reactor
import RelayTestKit
import Settings
import Synchronization
import Telemetry

@testable import RelayApp

/// A ``RequestDesk`` behind a real listener, on a loop of its own, with a journal whose answers the test gives.
final class DeskRig: Sendable {
    let journal = ScriptedJournal()
    let metrics: RelayMetrics
    /// What the desk has logged.
    let lines = LogLines()
    private let loop: EventLoop
    private let desk: LoopBound<RequestDesk>
    private let thread: LoopThread

    /// - Parameter capacity: how many calls may wait for the journal.
    convenience init(_ yaml: String = Sample.twoDestinations, capacity: Int = 100) throws {
        try self.init(settings: relaySettings(yaml), capacity: capacity)
    }

    init(settings: RelaySettings, capacity: Int = 100) throws {
        metrics = RelayMetrics(settings)
        let inspector = AdminInspector(
            metrics: metrics, health: HealthState(settings), token: nil, configJSON: "{}")
        loop = try EventLoop(name: "desk")
        let desk = RequestDesk(
            loop: 0, pathPrefix: settings.listen.pathPrefix, collectPaths: settings.listen.collectPaths,
            intake: try IntakeDesk(
                settings: settings, metrics: metrics, limits: RateLimits(settings, metrics: metrics)),
            inspector: inspector, journal: journal, metrics: metrics, log: lines.logger, parkedCapacity: capacity)
        journal.attach(try TicketBox(on: loop, capacity: capacity) { desk.settle($0) })
        self.desk = LoopBound(desk, on: loop)
        thread = try LoopThread(
            loop: loop, address: "127.0.0.1", port: 0, sharesPort: false,
            limits: IngressLimits(settings.listen.limits, share: 1), handler: desk, beat: {})
        try thread.start()
    }

    deinit { thread.stop() }

    var port: Int { Int(thread.port) }

    /// The desk finds that its senders have waited long enough.
    func expire() {
        let desk = desk
        loop.post { desk.value.expireOverdue(nowMillis: MonotonicClock.millis() + 60_000) }
    }

    /// Sends a request whose answer comes later.
    func sendLater(_ target: String, headers: [String: String] = [:], _ body: String) -> LateAnswer {
        let port = port
        return LateAnswer { try TestHTTPClient.post(port: port, target, headers: headers, body) }
    }
}

/// A journal that keeps nothing and answers as it is told.
final class ScriptedJournal: EventJournal {
    enum Answer: CaseIterable {
        case stored, refused
        /// The mailbox is full.
        case notTaken
        /// Says nothing before ``answerAll(_:)``.
        case silent
    }

    private struct State: Sendable {
        var answer = Answer.stored
        var repeats: [Int] = []
        var appends: [JournalAppend] = []
        var unanswered: [UInt64] = []
        var tickets: TicketBox?
    }

    private let state = Mutex(State())

    func attach(_ tickets: TicketBox) { state.withLock { $0.tickets = tickets } }

    /// - Parameter repeats: the places that are listed where the append asks.
    func answers(_ answer: Answer, repeats: [Int] = []) {
        state.withLock { ($0.answer, $0.repeats) = (answer, repeats) }
    }

    var appends: [JournalAppend] { state.withLock { $0.appends } }

    func append(_ append: JournalAppend) -> Bool {
        state.withLock { state in
            guard state.answer != .notTaken else { return false }
            state.appends.append(append)
            record(append.blocks)
            guard state.answer != .silent else {
                state.unanswered.append(append.ticket.request)
                return true
            }
            var batch = TicketBatch(
                requests: [append.ticket.request], outcome: state.answer == .stored ? .stored : .refused)
            if append.listsRepeats { batch.repeats[append.ticket.request] = state.repeats }
            state.tickets?.send(batch)
            return true
        }
    }

    func answerAll(_ outcome: AppendOutcome) {
        state.withLock { state in
            if !state.unanswered.isEmpty {
                state.tickets?.send(TicketBatch(requests: state.unanswered, outcome: outcome))
            }
            state.unanswered = []
        }
    }

    func lease(_ request: LeaseRequest) {}
    func settle(_ settlements: [Settlement]) {}
    var snapshot: JournalSnapshot { JournalSnapshot(destinationCount: 0) }
    func close() {}
}

/// An answer that another thread waits for.
final class LateAnswer: Sendable {
    private let result = Mutex<Result<TestHTTPClient.Answer, any Error>?>(nil)
    private let done = DispatchSemaphore(value: 0)

    init(_ ask: @escaping @Sendable () throws -> TestHTTPClient.Answer) {
        Thread.detachNewThread { [self] in
            let got = Result { try ask() }
            result.withLock { $0 = got }
            done.signal()
        }
    }

    struct NoAnswer: Error {}

    /// Waits for it; to be called once.
    func wait() throws -> TestHTTPClient.Answer {
        done.wait()
        guard let got = result.withLock({ $0 }) else { throw NoAnswer() }
        return try got.get()
    }
}

/// Log lines, kept.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    var logger: Logger {
        let output = LogOutput(format: .json) { line in
            self.lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
        }
        return Logger(label: "test") { JSONLinesLogHandler(label: $0, level: .trace, output: output) }
    }
}
