import Foundation
import Glibc
import RelayTestKit
import Testing

@Suite("An acknowledged event survives")
struct DurabilityTests {
    private func order(_ number: Int) -> String {
        """
        {"writeKey":"wk","event":"Order Completed","messageId":"kill-\(number)","userId":"u\(number)",
         "context":{"traits":{"email":"person\(number)@example.com"}},"properties":{"value":\(number + 1)}}
        """
    }

    @Test("a SIGKILL between answer and delivery loses nothing: the next start delivers it all")
    func killBetweenAnswerAndDelivery() throws {
        // The first sandbox hangs on every request, so that nothing is delivered before the kill.
        let stack = try RelayStack(sandboxArguments: ["--hang"])
        for number in 0..<50 {
            #expect(try TestHTTPClient.post(port: stack.publicPort, "/v1/track", order(number)).status == 200)
        }
        stack.relay.kill(SIGKILL)
        #expect(stack.relay.exitCode() == -SIGKILL)

        let sandbox = try BinaryProcess(["sandbox", "--port", "0", "--token", RelayStack.token])
        let port = try #require(sandbox.number(after: "listening on http://127.0.0.1:"))
        let (relay, _, adminPort) = try RelayStack.startRelay(upstreamPort: port, folder: stack.folder)
        _ = try eventually(within: 20) { try RelayStack.receivedEvents(sandboxPort: port).count >= 50 }
        let ids = try RelayStack.receivedEvents(sandboxPort: port).compactMap { $0["event_id"] as? String }
        #expect(Set(ids) == Set((0..<50).map { "kill-\($0)" }))
        #expect(ids.count == 50)

        _ = try eventually { try RelayStack.metrics(adminPort: adminPort)["pinrelay_events_unaccounted"] == 0 }
        let metrics = try RelayStack.metrics(adminPort: adminPort)
        #expect(metrics["pinrelay_events_recovered_total"] == 50)
        #expect(metrics["pinrelay_events_unaccounted"] == 0)
        relay.kill(SIGTERM)
        #expect(relay.exitCode() == 0)
    }

    @Test("an upstream that refuses connections never stops intake, and all arrives when it is back")
    func deadUpstream() throws {
        let folder = TemporaryFolder()
        let closed = try BinaryProcess(["sandbox", "--port", "0", "--token", RelayStack.token])
        let port = try #require(closed.number(after: "listening on http://127.0.0.1:"))
        closed.kill(SIGKILL)
        _ = closed.exitCode()
        let (relay, publicPort, adminPort) = try RelayStack.startRelay(upstreamPort: port, folder: folder)
        for number in 0..<20 {
            #expect(try TestHTTPClient.post(port: publicPort, "/v1/track", order(number)).status == 200)
        }
        #expect(try TestHTTPClient.get(port: publicPort, "/readyz").status == 200)
        let sandbox = try BinaryProcess(["sandbox", "--port", "\(port)", "--token", RelayStack.token])
        _ = try #require(sandbox.number(after: "listening on http://127.0.0.1:"))
        _ = try eventually(within: 40) { try RelayStack.receivedEvents(sandboxPort: port).count >= 20 }
        let ids = try RelayStack.receivedEvents(sandboxPort: port).compactMap { $0["event_id"] as? String }
        #expect(Set(ids) == Set((0..<20).map { "kill-\($0)" }))
        _ = try eventually { try RelayStack.metrics(adminPort: adminPort)["pinrelay_events_unaccounted"] == 0 }
        #expect(relay.isRunning)
    }

    @Test("SIGTERM with a hanging upstream ends at the deadline with 75 and leaves the rest for the next start")
    func drain() throws {
        let stack = try RelayStack(environment: ["PINRELAY_DRAIN_DEADLINE": "1"], sandboxArguments: ["--hang"])
        #expect(try TestHTTPClient.post(port: stack.publicPort, "/v1/track", order(1)).status == 200)
        // The call to the upstream is on its way, and hangs.
        _ = try eventually {
            try TestHTTPClient.get(port: stack.sandboxPort, "/sandbox/summary").json()["requests"] as? Int == 1
        }
        stack.relay.kill(SIGTERM)
        let code = try #require(stack.relay.exitCode(within: 40))
        #expect(stack.relay.output.contains("\"queued\":\"1\""), "\(stack.relay.output)")
        #expect(code == 75)
        let (relay, _, adminPort) = try RelayStack.startRelay(upstreamPort: stack.sandboxPort, folder: stack.folder)
        #expect(relay.isRunning)
        #expect(try RelayStack.metrics(adminPort: adminPort)["pinrelay_events_recovered_total"] == 1)
    }

    @Test("a second SIGTERM ends the drain at once, with 75 where something was cut short")
    func secondSignal() throws {
        let stack = try RelayStack(environment: ["PINRELAY_DRAIN_DEADLINE": "300"], sandboxArguments: ["--hang"])
        #expect(try TestHTTPClient.post(port: stack.publicPort, "/v1/track", order(1)).status == 200)
        _ = try eventually {
            try TestHTTPClient.get(port: stack.sandboxPort, "/sandbox/summary").json()["requests"] as? Int == 1
        }
        stack.relay.kill(SIGTERM)
        #expect(eventually { stack.relay.output.contains("asked to stop") })
        #expect(stack.relay.isRunning)
        stack.relay.kill(SIGTERM)
        #expect(stack.relay.exitCode(within: 20) == 75)
        #expect(stack.relay.output.contains("\"queued\":\"1\""), "\(stack.relay.output)")
    }
}
