import Foundation
import Glibc
import RelayTestKit
import Testing

/// What a run writes to its log, with secrets and personal values planted wherever a sender or the configuration can put
/// them.
@Suite("The log")
struct LogSecretsTests {
    private static let secrets = [
        "planted-conversion-token", "planted-write-key", "planted-api-secret", "planted-admin-token",
        "planted-guess", "planted-query-key", RelayStack.account,
    ]
    private static let personal = ["jane.planted", "4155550199", "+14155550199", "planted-user", "198.51.100.77"]

    private static func configuration(format: String, level: String) -> String {
        """
        admin: { token: planted-admin-token }
        destinations: [{ name: shop, ad_account_id: "\(RelayStack.account)", token: planted-conversion-token }]
        sources:
          - { name: web, kind: ga4, measurement_ids: [G-1], api_secrets: [planted-api-secret] }
          - { name: backend, kind: segment, write_keys: [planted-write-key] }
        log: { format: \(format), level: \(level) }
        """
    }

    private static func order(_ id: String) -> String {
        """
        {"event":"Order Completed jane.planted@shop.example","messageId":"\(id)","userId":"planted-user",
         "context":{"ip":"198.51.100.77","traits":{"email":"jane.planted@shop.example","phone":"+14155550199"}}}
        """
    }

    /// Every kind of call that is refused, faulty or not delivered.
    private static func provoke(_ stack: RelayStack) throws {
        let key = "Basic " + Data("planted-write-key:".utf8).base64EncodedString()
        let calls: [(target: String, headers: [String: String], body: String)] = [
            ("/v1/track", ["Authorization": key], order("1").replacing(" jane.planted@shop.example\",", with: "\",")),
            (
                "/v1/track", ["Authorization": key, "X-Request-Id": "jane.planted@shop.example"],
                "{ broken jane.planted"
            ),
            ("/v1/track", ["Authorization": "Bearer planted-guess"], order("2")),
            ("/v1/track?writeKey=planted-query-key&email=jane.planted@shop.example", [:], order("3")),
            ("/v1/jane.planted@shop.example", ["Authorization": key], order("4")),
            ("/v1/track", ["Authorization": key, "Content-Encoding": "gzip"], "jane.planted"),
            ("/mp/collect?measurement_id=G-1&api_secret=planted-guess", [:], #"{"user_id":"planted-user"}"#),
            ("/v5/ad_accounts/\(RelayStack.account)/events", ["Authorization": "Bearer planted-guess"], "{}"),
            ("/v5/ad_accounts/4155550199/events", ["Authorization": "Bearer planted-conversion-token"], "{}"),
        ]
        for call in calls {
            _ = try TestHTTPClient.post(port: stack.publicPort, call.target, headers: call.headers, call.body)
        }
        _ = try TestHTTPClient.get(port: stack.publicPort, "/g/collect?v=2&tid=jane.planted@shop.example&en=x")
        for token in ["planted-guess", "planted-admin-token"] {
            _ = try TestHTTPClient.get(
                port: stack.adminPort, "/metrics", headers: ["Authorization": "Bearer \(token)"])
        }
    }

    @Test(
        "holds no secret and no personal value, in either format, at any level, whatever the upstream answers",
        arguments: [("json", "trace", "401"), ("text", "trace", "400"), ("json", "info", "503")])
    func clean(format: String, level: String, status: String) throws {
        let own = ["PINTEREST_AD_ACCOUNT_ID": "", "PINTEREST_CONVERSION_TOKEN": ""]
        let stack = try RelayStack(
            configuration: Self.configuration(format: format, level: level),
            environment: own, sandboxArguments: ["--status", status])
        try Self.provoke(stack)
        let mark = status == "400" ? "the upstream answered" : "http_\(status)"
        _ = try eventually {
            let health = try TestHTTPClient.get(
                port: stack.adminPort, "/healthz?verbose", headers: ["Authorization": "Bearer planted-admin-token"])
            return stack.relay.output.contains(mark) || health.text.contains(mark)
        }
        stack.relay.kill(SIGTERM)
        _ = stack.relay.exitCode()
        let log = stack.relay.output
        #expect(
            log.contains("a call was refused") && log.contains("request_id") && log.contains("the upstream answered"))
        for value in Self.secrets + Self.personal { #expect(!log.contains(value), "\(value) stands in the log") }
        guard format == "json" else { return }
        for line in log.split(separator: "\n") {
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            #expect(object?["time"] is String && object?["level"] is String && object?["message"] is String)
        }
    }

    @Test("the upstream's own request id is kept with what it refused, also where it took the rest")
    func upstreamRequestID() throws {
        let stack = try RelayStack()
        _ = try TestHTTPClient.post(
            port: stack.sandboxPort, "/sandbox/faults", #"{"bad_event_ids":["bad"],"mixed_status":200}"#)
        let items = ["bad", "good"].map {
            #"{"type":"track","event":"Order Completed","messageId":"\#($0)","#
                + #""context":{"traits":{"email":"a@shop.example"}}}"#
        }
        _ = try TestHTTPClient.post(
            port: stack.publicPort, "/v1/batch", #"{"writeKey":"wk","batch":[\#(items.joined(separator: ","))]}"#)
        let isLogged = eventually {
            stack.relay.output.split(separator: "\n").contains { line in
                line.contains("the upstream refused events") && line.contains(#""events":"1""#)
                    && line.contains(#""level":"warning""#) && line.contains(#""x-pinterest-rid":"100"#)
            }
        }
        #expect(isLogged, "\(stack.relay.output)")
    }

    @Test("a flood of one message is cut, and the next line says how many were left out")
    func flood() throws {
        let stack = try RelayStack()
        for _ in 0..<200 { _ = try TestHTTPClient.get(port: stack.publicPort, "/nowhere") }
        usleep(1_100_000)
        _ = try TestHTTPClient.get(port: stack.publicPort, "/nowhere")
        let lines = { stack.relay.output.split(separator: "\n").filter { $0.contains("a call was refused") } }
        let isTold = eventually { lines().last?.contains(#""suppressed":""#) == true }
        #expect(isTold)
        #expect(lines().count < 100)
    }
}
