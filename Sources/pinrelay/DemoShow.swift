import Foundation
import PinterestSandbox
import RelayApp

/// What a person sees of the demo: the samples as they are sent, and the events as they arrive.
final class DemoShow: Sendable {
    private let sandbox: SandboxService
    private let base: String
    private let admin: String
    /// What the samples become.
    private static let expectedEvents = 7

    init(sandbox: SandboxService, publicPort: Int, adminPort: Int) {
        self.sandbox = sandbox
        base = "http://127.0.0.1:\(publicPort)"
        admin = "http://127.0.0.1:\(adminPort)"
    }

    func introduce(sandboxPort: Int) {
        say("pinrelay \(RelayApp.version) demo")
        say(
            """
              relay       \(base)
              health      \(base)/livez  \(base)/readyz  \(base)/startupz  in detail: \(admin)/healthz?verbose
              metrics     \(admin)/metrics
              dashboards  \(admin)/      sums, queues, last events
                          http://localhost:3000/d/pinrelay in Grafana, once you run
                          docker compose -f deploy/compose/compose.yaml up --build
              upstream    http://127.0.0.1:\(sandboxPort)      a stand-in for api.pinterest.com; nothing leaves this machine
            """)
        say("")
    }

    /// Sends the samples and waits for what they become.
    /// - Returns: whether all of it has arrived.
    func playSamples() throws -> Bool {
        say("Sent to the relay:")
        let client = try LocalClient()
        let headers = ["User-Agent: \(DemoSample.userAgent)", "Content-Type: text/plain;charset=UTF-8"]
        for sample in DemoSample.visit(run: String(Int(Date().timeIntervalSince1970), radix: 36)) {
            let answer =
                switch client.send(sample.method, base + sample.target, headerLines: headers, body: sample.body) {
                case .status(let status): "\(status)"
                case .failed(let text): text
                }
            say("  \(padded(sample.title, 46)) -> \(answer)")
        }
        let end = Date().addingTimeInterval(10)
        while sandbox.summary.events < Self.expectedEvents, Date() < end { Thread.sleep(forTimeInterval: 0.02) }
        say("\nArrived at the upstream, as Pinterest would get it:")
        for event in sandbox.events(limit: .max) { say("  " + ArrivedEvent(event).line) }
        let arrived = sandbox.summary.events
        say(
            "\n\(arrived) of \(Self.expectedEvents) expected events arrived; identify and the unknown name are not sent, by the rules."
        )
        return arrived == Self.expectedEvents
    }

    /// Shows what arrives while `serve` runs.
    func watch(_ serve: () -> Void) {
        say(
            """

            Running until Ctrl-C. Send something yourself, and it is shown here:

              curl \(base)/v1/track -d '{"writeKey":"demo","event":"Order Completed","userId":"you",
                "properties":{"value":12.5,"currency":"USD"},"context":{"traits":{"email":"you@example.com"}}}'
            """)
        let watcher = Thread { [self] in
            var shown = sandbox.summary.events
            while true {
                Thread.sleep(forTimeInterval: 0.2)
                let count = sandbox.summary.events
                for event in sandbox.events(limit: count - shown) { say("  " + ArrivedEvent(event).line) }
                shown = count
            }
        }
        watcher.start()
        serve()
    }

    private func say(_ line: String) {
        // Whoever reads may leave before the end, as `head` does.
        try? FileHandle.standardOutput.write(contentsOf: Data((line + "\n").utf8))
    }

    private func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}

/// One upstream event on one line.
private struct ArrivedEvent {
    let line: String

    init(_ json: [UInt8]) {
        let event = (try? JSONSerialization.jsonObject(with: Data(json))) as? [String: Any] ?? [:]
        let user = event["user_data"] as? [String: Any] ?? [:]
        let custom = event["custom_data"] as? [String: Any] ?? [:]
        var parts = [Self.column(event["event_name"], 14), Self.column(event["event_id"], 22)]
        if let value = custom["value"] { parts.append("value \(value) \(custom["currency"] ?? "")") }
        if let contents = custom["contents"] as? [Any] { parts.append("\(contents.count) products") }
        parts.append("user: " + user.keys.sorted().joined(separator: " "))
        line = parts.joined(separator: "  ")
    }

    private static func column(_ value: Any?, _ width: Int) -> String {
        let text = value as? String ?? ""
        let cut = text.count > width ? text.prefix(width - 3) + "..." : text[...]
        return cut + String(repeating: " ", count: width - cut.count)
    }
}
