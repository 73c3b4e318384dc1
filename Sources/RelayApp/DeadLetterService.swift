import Delivery
import Foundation
import Journal
import JournalSQLite
import Synchronization

/// Answers ``DeadLetterCall``s from a journal. It waits for the disk and for the journal's thread, so it is called on a
/// thread that may wait.
struct DeadLetterService: Sendable {
    private static let listNames: Set = ["limit", "before"]
    private static let replayNames: Set = ["limit", "after", "through", "dry_run"]
    private static let maxListed: Int64 = 1000

    let journal: SQLiteJournal
    /// The configured names, by index.
    let destinations: [String]

    func answer(_ call: DeadLetterCall) -> DeadLetterAnswer {
        do {
            return switch call.route {
            case .list: try list(call.parameters)
            case .show(let id): try show(id, call.parameters)
            case .replay: try replay(call.parameters)
            }
        } catch let fault as DeadLetterFault {
            return .fault(400, "invalid_query", fault.message)
        } catch {
            return .fault(503, "journal_failed", "\(error)")
        }
    }

    private func list(_ parameters: [String: String]) throws -> DeadLetterAnswer {
        let query = try DeadLetterQuery(parameters, names: Self.listNames, nowMillis: WallClock.millis())
        let limit = Int(min(max(try query.number("limit") ?? 100, 1), Self.maxListed))
        let letters = try journal.deadLetters(
            limit: limit, olderThan: try query.number("before") ?? .max, matching: try query.filter())
        let next = letters.count < limit ? nil : letters.last?.id
        return DeadLetterAnswer(200, DeadLetterList(deadLetters: letters.map(line), next: next))
    }

    private func show(_ id: Int64, _ parameters: [String: String]) throws -> DeadLetterAnswer {
        guard parameters.isEmpty else { throw DeadLetterFault(message: "one letter takes no parameters") }
        var filter = DeadLetterFilter()
        filter.id = id
        guard let letter = try journal.deadLetters(limit: 1, matching: filter).first else {
            return .fault(404, "not_found", "there is no dead letter \(id)")
        }
        var body = DeadLetterAnswer.json(line(letter))
        if !letter.json.isEmpty {
            // Beside the line stands the event, hashed, without what only the upstream is to see.
            body.removeLast()
            body += Array(#","event":"#.utf8) + ClientDataMask.masked(letter.json) + Array("}".utf8)
        }
        return DeadLetterAnswer(status: 200, body: body)
    }

    private func replay(_ parameters: [String: String]) throws -> DeadLetterAnswer {
        let query = try DeadLetterQuery(parameters, names: Self.replayNames, nowMillis: WallClock.millis())
        let isDryRun = try query.flag("dry_run")
        let order = ReplayOrder(
            filter: try query.filter(), afterID: try query.number("after") ?? 0,
            throughID: try query.number("through"), limit: Int(clamping: try query.number("limit") ?? 1000),
            isDryRun: isDryRun, oldestEventTime: Self.oldestEventTime)
        let ended = DispatchSemaphore(value: 0)
        let outcome = ReplayOutcome()
        let isTaken = journal.replay(order) { result in
            outcome.result.withLock { $0 = result }
            ended.signal()
        }
        guard isTaken else { return .fault(503, "stopping", "the relay is stopping; nothing was replayed") }
        ended.wait()
        guard let result = try outcome.result.withLock({ $0 })?.get() else {
            return .fault(503, "journal_failed", "nothing was replayed")
        }
        return DeadLetterAnswer(
            200, DeadLetterReplayReport(result, isDryRun: isDryRun, destinations: destinations))
    }

    private func line(_ letter: StoredDeadLetter) -> DeadLetterLine {
        DeadLetterLine(
            letter, isKnownDestination: letter.destination.map(destinations.contains) ?? false,
            oldestEventTime: Self.oldestEventTime)
    }

    private static var oldestEventTime: Int64 { WallClock.millis() / 1000 - PinterestContract.maxAgeSeconds }
}

/// A result on its way from the journal's thread.
private final class ReplayOutcome: Sendable {
    let result = Mutex<Result<ReplayResult, JournalError>?>(nil)
}
