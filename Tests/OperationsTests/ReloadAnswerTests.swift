import Foundation
import Inspector
import RelayModel
import Synchronization
import Telemetry
import Testing

@Suite("The admin port's reload")
struct ReloadAnswerTests {
    /// A configuration whose reload ends as the test says.
    private final class Scripted: ConfigInForce {
        let outcome: ConfigReload
        let token: SecretValue?
        let count = Atomic<Int>(0)

        init(_ outcome: ConfigReload, token: SecretValue? = nil) {
            self.outcome = outcome
            self.token = token
        }

        var adminToken: SecretValue? { token }
        var json: String { "{}" }

        func reload() -> ConfigReload {
            count.add(1, ordering: .relaxed)
            return outcome
        }
    }

    private func ask(_ config: Scripted, method: String = "POST", bearer: String? = nil) -> InspectorReply {
        let layout = MetricLayout(sources: [], destinations: [], faults: [], version: "1")
        let inspector = AdminInspector(
            metrics: RelayMetrics(layout: layout, startSeconds: 1),
            health: HealthState(loops: [], destinations: []), config: config)
        return inspector.answer(
            method: method, target: "/api/reload".utf8, authorization: bearer.map { "Bearer \($0)".utf8 },
            at: .init(unixMillis: 0, uptimeMillis: 0))
    }

    @Test(
        "each end has its status and says what became of the configuration",
        arguments: [
            (ConfigReload.applied(changed: ["a", "b[0].c"]), 200, #"{"result":"applied","changed":["a","b[0].c"]}"#),
            (.unchanged, 200, #"{"result":"unchanged","changed":[]}"#),
            (
                .invalid([.init(path: "listen.prot", line: 3, message: "unknown \"key\"\n")]), 422,
                #"{"result":"invalid","code":"invalid_configuration","message":"the configuration is faulty; the old one "#
                    + #"stays in force","errors":[{"path":"listen.prot","line":3,"message":"unknown \"key\"\u000a"}]}"#
            ),
            (
                .restartNeeded(keys: ["listen.port"]), 409,
                #"{"result":"restart_needed","code":"restart_needed","message":"these keys need a restart; the old one "#
                    + #"stays in force","keys":["listen.port"]}"#
            ),
            (
                .failed("x"), 500,
                #"{"result":"failed","code":"reload_failed","message":"the configuration could not be taken up; the old "#
                    + #"one stays in force","error":"x"}"#
            ),
        ])
    func answers(outcome: ConfigReload, status: Int, text: String) throws {
        let reply = ask(Scripted(outcome))
        #expect(reply.status == status)
        #expect(String(decoding: reply.body, as: UTF8.self) == text + "\n")
        _ = try JSONSerialization.jsonObject(with: Data(reply.body))
    }

    @Test("only a POST with the token reloads")
    func guarded() {
        let config = Scripted(.unchanged, token: SecretValue("sesame"))
        #expect(ask(config).status == 401)
        #expect(ask(config, bearer: "wrong").status == 401)
        for method in ["GET", "HEAD", "other"] {
            let reply = ask(config, method: method, bearer: "sesame")
            #expect(reply.status == 405 && reply.headers.contains { $0.name == "Allow" && $0.value == "POST" })
        }
        #expect(config.count.load(ordering: .relaxed) == 0)
        #expect(ask(config, bearer: "sesame").status == 200)
        #expect(config.count.load(ordering: .relaxed) == 1)
    }
}
