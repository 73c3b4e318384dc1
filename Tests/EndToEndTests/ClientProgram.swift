import Foundation
import RelayTestKit
import Testing

/// A client of other people's making that sends to the relay: an SDK from PyPI, in the virtual environment that
/// `deploy/clients.sh` makes for it.
enum ClientSDK: String, CaseIterable, CustomTestStringConvertible {
    case segment, rudder, analytics, ga4mp

    var testDescription: String {
        switch self {
        case .segment: "segment-analytics-python"
        case .rudder: "rudder-sdk-python"
        case .analytics: "analytics-python"
        case .ga4mp: "ga4mp"
        }
    }

    /// The route that it sends to, and the status of a success there.
    var success: (route: String, status: Int) { self == .ga4mp ? ("/mp/collect", 204) : ("/v1/batch", 200) }

    static var areInstalled: Bool {
        allCases.allSatisfy { FileManager.default.isExecutableFile(atPath: $0.python) }
    }

    /// Starts the client's script; it sends its events and ends.
    /// - Parameter interval: seconds between two events.
    func start(port: Int, events: Int, interval: Double = 0) throws -> ClientRun {
        var arguments = ["--url", "http://127.0.0.1:\(port)", "--events", "\(events)", "--interval", "\(interval)"]
        if self != .ga4mp { arguments += ["--sdk", rawValue] }
        let script = ClientFiles.path(self == .ga4mp ? "ga4mp_client.py" : "segment_client.py")
        return ClientRun(
            client: self, process: try BinaryProcess(["-B", script] + arguments, executable: python))
    }

    private var python: String { ClientFiles.root + "/.build/clients/\(rawValue)/bin/python" }
}

/// A client at work.
struct ClientRun {
    let client: ClientSDK
    let process: BinaryProcess

    /// What the script prints at its end.
    struct Report: Decodable {
        /// Event ids of what has a conversion, and of what has none.
        var arriving: [String]
        var silent: [String]
        /// Requests begun, repeats included, and requests that were answered as a success.
        var attempts: Int
        var uploads: Int
        /// What the client gave up on.
        var errors: [String]
    }

    struct NotReported: Error, CustomStringConvertible {
        var description: String
    }

    /// An error answer has reached the client.
    var wasRefused: Bool { process.output.contains("refused\n") }

    /// Waits for the script's end.
    func report(within seconds: Double = 60) throws -> Report {
        let code = process.exitCode(within: seconds)
        let output = process.output
        guard code == 0, let mark = output.range(of: "report: ") else {
            throw NotReported(
                description: "\(client.testDescription) ended with \(code ?? -1): \(output.suffix(2_000))")
        }
        let line = output[mark.upperBound...].prefix { $0 != "\n" }
        return try JSONDecoder().decode(Report.self, from: Data(line.utf8))
    }
}

/// The scripts and pages beside these tests.
enum ClientFiles {
    /// The package's folder.
    static let root: String = {
        var folder = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { folder.deleteLastPathComponent() }
        return folder.path
    }()

    /// The interpreter that `deploy/clients.sh` found, or Debian's.
    static let python: String = {
        let found = root + "/.build/clients/python"
        return FileManager.default.isExecutableFile(atPath: found) ? found : "/usr/bin/python3"
    }()

    static func path(_ name: String) -> String { root + "/Tests/EndToEndTests/Clients/" + name }
}

/// How often each event id has reached the sandbox.
struct ArrivalCounts {
    private(set) var byID: [String: Int] = [:]

    init(sandboxPort: Int) throws {
        let answer = try TestHTTPClient.get(port: sandboxPort, "/sandbox/ids")
        for line in answer.text.split(separator: "\n") {
            let fields = (try? JSONSerialization.jsonObject(with: Data(line.utf8))) as? [String: Any] ?? [:]
            if let id = fields["event_id"] as? String { byID[id, default: 0] += fields["count"] as? Int ?? 0 }
        }
    }

    var ids: Set<String> { Set(byID.keys) }
    /// Ids that have arrived more than once.
    var repeated: [String: Int] { byID.filter { $0.value != 1 } }

    /// Waits until `count` different events have arrived.
    static func waiting(for count: Int, sandboxPort: Int, within seconds: Double = 30) throws -> ArrivalCounts {
        _ = try eventually(within: seconds) { try ArrivalCounts(sandboxPort: sandboxPort).byID.count >= count }
        return try ArrivalCounts(sandboxPort: sandboxPort)
    }
}
