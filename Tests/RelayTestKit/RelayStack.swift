import Foundation
import Glibc

/// The shipped binary as relay and as sandbox upstream: two processes on loopback, with a journal of their own.
public final class RelayStack: Sendable {
    public static let token = "conversion-token-for-tests"
    public static let account = "549755885175"

    public let folder: TemporaryFolder
    public let sandbox: BinaryProcess
    public let sandboxPort: Int
    public let relay: BinaryProcess
    public let publicPort: Int
    public let adminPort: Int

    public struct NotStarted: Error, CustomStringConvertible {
        public var description: String
    }

    /// Starts sandbox and relay and waits until both listen.
    /// - Parameters:
    ///   - configuration: YAML; the environment contract alone when nil.
    ///   - environment: more variables for the relay.
    ///   - sandboxArguments: faults and the like.
    public init(
        configuration: String? = nil, environment: [String: String] = [:], sandboxArguments: [String] = [],
        folder: TemporaryFolder = TemporaryFolder()
    ) throws {
        self.folder = folder
        sandbox = try BinaryProcess(["sandbox", "--port", "0", "--token", Self.token] + sandboxArguments)
        guard let port = sandbox.number(after: "listening on http://127.0.0.1:") else {
            throw NotStarted(description: "sandbox: \(sandbox.output)")
        }
        sandboxPort = port
        (relay, publicPort, adminPort) = try Self.startRelay(
            upstreamPort: port, folder: folder, configuration: configuration, environment: environment)
    }

    /// Starts a relay on the journal in `folder`.
    /// - Returns: the process, its public port and its admin port.
    public static func startRelay(
        upstreamPort: Int, folder: TemporaryFolder, configuration: String? = nil, environment: [String: String] = [:]
    ) throws -> (BinaryProcess, Int, Int) {
        var variables = [
            "PINTEREST_AD_ACCOUNT_ID": account, "PINTEREST_CONVERSION_TOKEN": token,
            "PINRELAY_LISTEN": "127.0.0.1:0", "PINRELAY_ADMIN": "127.0.0.1:0",
            "PINRELAY_UPSTREAM_URL": "http://127.0.0.1:\(upstreamPort)",
            "PINRELAY_JOURNAL_PATH": folder.path + "/journal", "PINRELAY_DRAIN_PRE_STOP": "0",
            "PINRELAY_ALLOW_VOLATILE_JOURNAL": "1",
        ]
        variables.merge(environment) { _, own in own }
        var arguments = ["run"]
        if let configuration { arguments += ["--config", try folder.write("pinrelay.yaml", configuration)] }
        let relay = try BinaryProcess(arguments, environment: variables)
        let isText = configuration?.contains("format: text") ?? false
        guard let publicPort = relay.number(after: isText ? "public_port=" : "\"public_port\":\""),
            let adminPort = relay.number(after: isText ? "admin_port=" : "\"admin_port\":\"")
        else { throw NotStarted(description: "relay: \(relay.output)") }
        return (relay, publicPort, adminPort)
    }

    /// The events that the sandbox has received, in order of arrival.
    public func receivedEvents() throws -> [[String: Any]] {
        try Self.receivedEvents(sandboxPort: sandboxPort)
    }

    public static func receivedEvents(sandboxPort: Int) throws -> [[String: Any]] {
        let answer = try TestHTTPClient.get(port: sandboxPort, "/sandbox/events?limit=10000")
        return answer.json()["events"] as? [[String: Any]] ?? []
    }

    /// Waits until the sandbox has at least `count` events, and returns them.
    public func waitForEvents(_ count: Int, within seconds: Double = 15) throws -> [[String: Any]] {
        _ = try eventually(within: seconds) { try receivedEvents().count >= count }
        return try receivedEvents()
    }

    /// The relay's metrics: sample name with labels, to value.
    public func metrics() throws -> [String: Double] {
        try Self.metrics(adminPort: adminPort)
    }

    public static func metrics(adminPort: Int) throws -> [String: Double] {
        var samples: [String: Double] = [:]
        for line in try TestHTTPClient.get(port: adminPort, "/metrics").text.split(separator: "\n") {
            guard !line.hasPrefix("#"), let space = line.lastIndex(of: " ") else { continue }
            samples[String(line[..<space])] = Double(line[line.index(after: space)...])
        }
        return samples
    }
}
