import Foundation
import Glibc
import RelayTestKit
import Synchronization
import Testing

/// The configuration changes while the relay runs.
@Suite("Reload of the configuration")
struct ReloadTests {
    private static func yaml(
        keys: String = "[wk]", origins: String = "[]", token: String = "token: \(RelayStack.token)", more: String = ""
    ) -> String {
        """
        destinations: [{name: shop, ad_account_id: "\(RelayStack.account)", \(token)}]
        sources:
          - {name: backend, kind: segment, write_keys: \(keys)}
          - {name: web, kind: ga4, measurement_ids: [G-1], allowed_origins: \(origins)}
        delivery: {linger: 10ms}
        \(more)
        """
    }

    /// The token stands in the file, not in the environment, which would override it.
    private static let environment = ["PINTEREST_CONVERSION_TOKEN": ""]

    private func start(_ yaml: String, _ environment: [String: String] = [:]) throws -> RelayStack {
        try RelayStack(
            configuration: yaml, environment: Self.environment.merging(environment) { _, own in own })
    }

    private func reload(_ stack: RelayStack, _ yaml: String, bearer: String? = nil) throws -> TestHTTPClient.Answer {
        try stack.folder.write("pinrelay.yaml", yaml)
        let headers = bearer.map { ["Authorization": "Bearer \($0)"] } ?? [:]
        return try TestHTTPClient.post(port: stack.adminPort, "/api/reload", headers: headers, "")
    }

    private func order(_ stack: RelayStack, key: String, _ id: String) throws -> Int {
        let body = """
            {"type":"track","event":"Order Completed","messageId":"\(id)","writeKey":"\(key)",
             "context":{"traits":{"email":"jane@example.com"}}}
            """
        return try TestHTTPClient.post(port: stack.publicPort, "/v1/track", body).status
    }

    @Test("a new configuration is in force for the next request, in all its parts, and says what changed")
    func applied() throws {
        let stack = try start(Self.yaml())
        let before = try stack.metrics()
        #expect(try order(stack, key: "wk", "m-1") == 200)
        #expect(try order(stack, key: "wk2", "m-2") == 401)
        let answer = try reload(
            stack, Self.yaml(keys: "[wk2]", more: "listen: {path_prefix: /tags}\nlog: {level: debug}"))
        #expect(answer.status == 200, "\(answer.text)")
        #expect(answer.json()["result"] as? String == "applied")
        #expect(
            answer.json()["changed"] as? [String] == ["listen.path_prefix", "sources[0].write_keys", "log.level"])
        #expect(try TestHTTPClient.post(port: stack.publicPort, "/v1/track?writeKey=wk2", "{}").status == 404)
        for (key, status) in [("wk", 401), ("wk2", 200)] {
            let body =
                #"{"writeKey":"\#(key)","event":"Lead","messageId":"x","context":{"traits":{"email":"j@x.example"}}}"#
            #expect(try TestHTTPClient.post(port: stack.publicPort, "/tags/v1/track", body).status == status)
        }
        // Lines of the new level are written.
        _ = try stack.waitForEvents(2)
        #expect(eventually { stack.relay.output.contains(#""level":"debug""#) })
        let after = try stack.metrics()
        #expect(after[#"pinrelay_config_reloads_total{result="applied"}"#] == 1)
        #expect(after["pinrelay_config_hash"] != before["pinrelay_config_hash"])
        #expect(after["pinrelay_config_loaded_timestamp_seconds"] ?? 0 > 1_700_000_000)
        let config = try TestHTTPClient.get(port: stack.adminPort, "/api/config").text
        #expect(
            config.contains(#"{"path":"log.level","value":"debug","origin":""#) && config.contains("pinrelay.yaml:"))
        #expect(!config.contains("wk2") && !config.contains(RelayStack.token))
        #expect(!stack.relay.output.contains("wk2"))
    }

    @Test("a faulty configuration changes nothing: answer and log name the key, the old one stays")
    func invalid() throws {
        let stack = try start(Self.yaml())
        let answer = try reload(stack, Self.yaml(keys: "[wk2]", more: "privacy: {filter_bot: true}"))
        #expect(answer.status == 422)
        let fault = (answer.json()["errors"] as? [[String: Any]])?.first
        #expect(fault?["path"] as? String == "privacy.filter_bot")
        #expect(fault?["line"] as? Int == 6)
        #expect(eventually { stack.relay.output.contains(#""key":"privacy.filter_bot""#) })
        #expect(try order(stack, key: "wk", "m-1") == 200)
        #expect(try order(stack, key: "wk2", "m-2") == 401)
        try stack.folder.write("pinrelay.yaml", "{")
        #expect(try TestHTTPClient.post(port: stack.adminPort, "/api/reload", "").status == 422)
        #expect(try stack.metrics()[#"pinrelay_config_reloads_total{result="invalid"}"#] == 2)
    }

    @Test("a change of what is fixed at start is refused whole, with its keys")
    func restartNeeded() throws {
        let stack = try start(Self.yaml())
        let answer = try reload(
            stack, Self.yaml(keys: "[wk2]", more: "listen: {limits: {header_bytes: 32KiB}}\nlog: {format: text}"))
        #expect(answer.status == 409)
        #expect(answer.json()["keys"] as? [String] == ["listen.limits.header_bytes", "log.format"])
        #expect(try order(stack, key: "wk", "m-1") == 200)
        #expect(try order(stack, key: "wk2", "m-2") == 401)
        #expect(try stack.metrics()[#"pinrelay_config_reloads_total{result="restart_needed"}"#] == 1)
        #expect(try reload(stack, Self.yaml()).json()["result"] as? String == "unchanged")
    }

    @Test("SIGHUP reloads too: a token in its file is read again, and what waited for it is delivered at once")
    func tokenFile() throws {
        let folder = TemporaryFolder()
        let file = try folder.write("token", "expired")
        let stack = try RelayStack(
            configuration: Self.yaml(token: "token_file: \(file)"), environment: Self.environment, folder: folder)
        #expect(try order(stack, key: "wk", "m-1") == 200)
        #expect(eventually { stack.relay.output.contains("calls to the destination rest") })
        try folder.write("token", RelayStack.token)
        stack.relay.kill(SIGHUP)
        #expect(eventually { stack.relay.output.contains("the configuration was reloaded") })
        #expect(stack.relay.output.contains(#""changed":"destinations[0].token_file""#))
        #expect(try stack.waitForEvents(1, within: 10).count == 1)
        #expect(stack.relay.isRunning && !stack.relay.output.contains("expired"))
    }

    @Test("the admin token is exchanged by a reload")
    func adminToken() throws {
        let stack = try start(Self.yaml(more: "admin: {token: old}"))
        let yaml = Self.yaml(more: "admin: {token: new}")
        #expect(try reload(stack, yaml).status == 401)
        #expect(try reload(stack, yaml, bearer: "old").status == 200)
        #expect(try reload(stack, yaml, bearer: "old").status == 401)
        #expect(try reload(stack, yaml, bearer: "new").json()["result"] as? String == "unchanged")
    }

    @Test("the time to stop is that of the configuration in force")
    func drain() throws {
        let stack = try start(Self.yaml(more: "drain: {pre_stop: 0s}"), ["PINRELAY_DRAIN_PRE_STOP": ""])
        #expect(try reload(stack, Self.yaml(more: "drain: {pre_stop: 1500ms}")).status == 200)
        let begin = Date()
        stack.relay.kill(SIGTERM)
        #expect(stack.relay.exitCode() == 0)
        #expect(Date().timeIntervalSince(begin) >= 1.5)
    }

    @Test("under load, no request fails while the configuration is exchanged again and again, and the sums hold")
    func underLoad() throws {
        let stack = try start(Self.yaml(), ["PINRELAY_THREADS": "2"])
        let port = stack.publicPort
        let load = Load(port: port, workers: 3)
        let reloads = 30
        for round in 0..<reloads {
            // Each configuration differs in what every request looks at: paths, keys, rules.
            let keys = round % 2 == 0 ? "[wk, k\(round)]" : "[wk]"
            let more = "privacy: {filter_bots: \(round % 3 == 0)}\nlisten: {collect_paths: [/c\(round)]}"
            let answer = try reload(stack, Self.yaml(keys: keys, more: more))
            #expect(answer.json()["result"] as? String == "applied", "\(answer.text)")
        }
        let (sent, failed) = load.end()
        #expect(failed == [])
        #expect(sent > 100)
        let metrics = try stack.metrics()
        #expect(metrics[#"pinrelay_config_reloads_total{result="applied"}"#] == Double(reloads))
        #expect(metrics[#"pinrelay_events_received_total{source="backend"}"#] == Double(sent))
        #expect(try eventually { try stack.receivedEvents().count >= min(sent, 10_000) })
        #expect(try eventually { try stack.metrics()["pinrelay_events_unaccounted"] == 0 })
    }
}

/// Orders from several threads, one after the other on each, until it is ended.
private final class Load: Sendable {
    private let isOver = Atomic<Bool>(false)
    private let counts = Mutex<(sent: Int, failed: [String])>((0, []))
    private let ended = DispatchSemaphore(value: 0)
    private let workers: Int

    init(port: Int, workers: Int) {
        self.workers = workers
        for worker in 0..<workers {
            Thread.detachNewThread { [self] in
                send(port, worker)
                ended.signal()
            }
        }
    }

    private func send(_ port: Int, _ worker: Int) {
        var number = 0
        while !isOver.load(ordering: .acquiring) {
            number += 1
            let body = """
                {"type":"track","event":"Order Completed","messageId":"w\(worker)-\(number)","writeKey":"wk",
                 "context":{"traits":{"email":"jane@example.com"}}}
                """
            let answer = try? TestHTTPClient.post(port: port, "/v1/track", body)
            counts.withLock {
                $0.sent += 1
                if answer?.status != 200 { $0.failed.append(answer?.text ?? "no answer") }
            }
        }
    }

    /// - Returns: how many were sent, and what came where no 200 did.
    func end() -> (sent: Int, failed: [String]) {
        isOver.store(true, ordering: .releasing)
        for _ in 0..<workers { ended.wait() }
        return counts.withLock { $0 }
    }
}
