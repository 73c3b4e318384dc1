import Foundation
import Journal
import JournalSQLite
import RelayModel
public import Settings

/// The way of a command to the dead letters: through the admin port of the relay that has the journal open, or else on
/// the journal itself, which no relay can open meanwhile.
public final class DeadLetterAccess {
    private enum Way {
        case journal(SQLiteJournal, DeadLetterService)
        case admin(LocalClient, url: String, token: SecretValue?)
    }

    /// Why there is no way; for people.
    public struct Fault: Error, CustomStringConvertible {
        public var description: String
    }

    private let way: Way

    /// - Parameter adminURL: of a running relay, as `http://127.0.0.1:9090`; nil finds out by the journal's lock.
    public init(settings: RelaySettings, adminURL: String? = nil) throws {
        if let adminURL {
            way = try Self.admin(adminURL, settings)
        } else {
            way = try Self.journal(settings) ?? Self.admin(Self.url(settings.admin), settings)
        }
    }

    private static func admin(_ url: String, _ settings: RelaySettings) throws -> Way {
        .admin(try LocalClient(), url: url, token: settings.admin.token)
    }

    /// - Returns: nil when another process has the journal open.
    private static func journal(_ settings: RelaySettings) throws -> Way? {
        let names = settings.destinations.map(\.name)
        let file = settings.journal.path + "/journal.sqlite"
        guard FileManager.default.fileExists(atPath: file) else {
            throw Fault(description: "there is no journal in \(settings.journal.path)")
        }
        guard let journal = try opened(settings, names) else { return nil }
        journal.start(SilentObserver())
        return .journal(journal, DeadLetterService(journal: journal, destinations: names))
    }

    private static func opened(_ settings: RelaySettings, _ names: [String]) throws(JournalError) -> SQLiteJournal? {
        let journal: Result<SQLiteJournal, JournalError> = Result { () throws(JournalError) in
            try SQLiteJournal(settings: JournalSettings(settings), destinations: names)
        }
        if case .failure(.alreadyOpen) = journal { return nil }
        return try journal.get()
    }

    deinit {
        if case .journal(let journal, _) = way { journal.close() }
    }

    /// Waits for the answer.
    public func ask(_ call: DeadLetterCall) throws -> DeadLetterAnswer {
        switch way {
        case .journal(_, let service): return service.answer(call)
        case .admin(let client, let url, let token):
            let lines = token.map { ["Authorization: Bearer \($0.revealed)"] } ?? []
            let answer = client.fetch(
                call.route == .replay ? "POST" : "GET", url + call.target, headerLines: lines, body: call.body,
                timeout: .seconds(60))
            switch answer {
            case .success((let status, let body)): return DeadLetterAnswer(status: status, body: body)
            case .failure(let fault):
                throw Fault(
                    description: "the relay that has the journal open does not answer on \(url) (\(fault)); "
                        + "give its admin port with --admin")
            }
        }
    }

    private static func url(_ admin: AdminSettings) -> String {
        let host =
            switch admin.address {
            case "0.0.0.0": "127.0.0.1"
            case "::": "[::1]"
            default: admin.address.contains(":") ? "[\(admin.address)]" : admin.address
            }
        return "http://\(host):\(admin.port)"
    }
}

/// Nobody listens to a journal that a command has open.
private final class SilentObserver: JournalObserver {
    func repeated(_ counts: [Int: Int]) {}
    func appended(_ tickets: [AppendTicket], _ outcome: AppendOutcome, repeats: [AppendTicket: [Int]]) {}
    func ready(_ destinations: [DestinationIndex]) {}
    func leased(_ lease: Lease) {}
    func settled(_ settlements: [Settlement]) {}
    func committed(micros: Int64) {}
    func faulted(_ text: String, isFinal: Bool) {}
    func roomFound() {}
}
