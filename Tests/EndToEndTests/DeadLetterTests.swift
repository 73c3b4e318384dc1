import Foundation
import Glibc
import RelayTestKit
import Testing

@Suite("Dead letters, with a running relay and without", .serialized)
struct DeadLetterTests {
    /// Runs `pinrelay dead-letters` on the stage's journal.
    private func run(_ arguments: [String], _ stage: FaultStage, online: Bool = true) throws -> (
        code: Int32?, output: String
    ) {
        let admin = online ? ["--admin", "http://127.0.0.1:\(stage.adminPort)"] : []
        let process = try BinaryProcess(
            ["dead-letters"] + arguments + admin,
            environment: [
                "PINTEREST_AD_ACCOUNT_ID": RelayStack.account, "PINTEREST_CONVERSION_TOKEN": RelayStack.token,
                "PINRELAY_JOURNAL_PATH": stage.folder.path + "/journal", "PINRELAY_ALLOW_VOLATILE_JOURNAL": "1",
            ])
        return (process.exitCode(within: 60), process.output)
    }

    /// A stage on which these events of the next batch have become dead letters.
    private func stage(bad numbers: [String], of count: Int = 20) throws -> FaultStage {
        let stage = try FaultStage()
        let bad = numbers.map { "\"\(stage.id($0))\"" }.joined(separator: ",")
        try stage.setFaults(#"{"bad_event_ids":[\#(bad)]}"#)
        try stage.send(count)
        try stage.expectAllArrived(dead: numbers.count)
        try stage.setFaults("{}")
        return stage
    }

    private func letters(_ stage: FaultStage, _ query: String = "") throws -> [[String: Any]] {
        let answer = try TestHTTPClient.get(port: stage.adminPort, "/api/dead-letters" + query)
        #expect(answer.status == 200, "\(answer.text)")
        return answer.json()["dead_letters"] as? [[String: Any]] ?? []
    }

    private func expectSumsAfterReplay(_ stage: FaultStage, delivered: Int, replayed: Int) throws {
        _ = try eventually(within: 20) {
            FaultStage.sum(try RelayStack.metrics(adminPort: stage.adminPort), "pinrelay_events_delivered_total")
                == Double(delivered)
        }
        let metrics = try RelayStack.metrics(adminPort: stage.adminPort)
        #expect(FaultStage.sum(metrics, "pinrelay_events_delivered_total") == Double(delivered))
        #expect(FaultStage.sum(metrics, "pinrelay_events_replayed_total") == Double(replayed))
        #expect(metrics["pinrelay_events_unaccounted"] == 0)
    }

    @Test("they are listed with filters and shown with their event, without address and user agent")
    func listAndShow() throws {
        let stage = try stage(bad: ["3", "17"])
        let (code, output) = try run(["list"], stage)
        #expect(code == 0 && output.contains(stage.id("3")) && output.contains("refused"), "\(output)")
        #expect(try letters(stage, "?reason=refused&destination=pinterest&since=1h").count == 2)
        #expect(try letters(stage, "?reason=schema").isEmpty)
        #expect(try letters(stage, "?until=1h").isEmpty)
        #expect(try letters(stage, "?event_name=checkout&limit=1").count == 1)
        let id = try #require(try letters(stage).first?["id"] as? Int)
        let shown = try TestHTTPClient.get(port: stage.adminPort, "/api/dead-letters/\(id)").json()
        let event = try #require(shown["event"] as? [String: Any])
        #expect(event["event_id"] as? String == shown["event_id"] as? String)
        #expect(shown["attempts"] as? Int == 1 && shown["message"] as? String != "")
        let page = try run(["show", "\(id)"], stage)
        #expect(page.code == 0 && page.output.contains("\"event_name\" : \"checkout\""), "\(page.output)")
        for text in [page.output, output] { #expect(!text.contains("jane@")) }
        #expect(try run(["show", "999"], stage).code == 1)
    }

    @Test("what a sender put into an id is no order to the reader's terminal")
    func terminal() throws {
        let stage = try FaultStage()
        let event = #"{"writeKey":"wk","event":"Order Completed","messageId":"odd\u001b[31m","properties":{"value":1}}"#
        #expect(try TestHTTPClient.post(port: stage.publicPort, "/v1/track", event).status == 200)
        #expect(try eventually { try letters(stage, "?reason=no_identity").count == 1 })
        for arguments in [["list"], ["show", "1"]] {
            let output = try run(arguments, stage).output
            #expect(output.contains("odd?[31m") && !output.contains("\u{1b}"), "\(output)")
        }
    }

    @Test("what is asked wrongly is refused, and a misspelt filter replays nothing")
    func wrongQuestions() throws {
        let stage = try stage(bad: ["3"])
        for query in ["?reson=refused", "?since=yesterday", "?limit=x", "?reason=a&reason=b"] {
            let answer = try TestHTTPClient.get(port: stage.adminPort, "/api/dead-letters" + query)
            #expect(answer.status == 400 && answer.json()["code"] as? String == "invalid_query", "\(query)")
        }
        let replay = "/api/dead-letters/replay"
        for body in [#"{"reson":"refused"}"#, "[", #"{"dry_run":"perhaps"}"#, #"{"since":[1]}"#] {
            #expect(try TestHTTPClient.post(port: stage.adminPort, replay, body).status == 400, "\(body)")
        }
        #expect(try TestHTTPClient.get(port: stage.adminPort, replay).status == 405)
        #expect(try TestHTTPClient.post(port: stage.adminPort, "/api/dead-letters", "{}").status == 405)
        #expect(try TestHTTPClient.get(port: stage.publicPort, "/api/dead-letters").status == 404)
        #expect(try run(["replay"], stage).code == 64)
        #expect(try letters(stage).count == 1)
    }

    @Test("with an admin token nothing is told or done without it")
    func token() throws {
        let stage = try FaultStage(environment: ["PINRELAY_ADMIN_TOKEN": "sesame"])
        #expect(try TestHTTPClient.get(port: stage.adminPort, "/api/dead-letters").status == 401)
        #expect(try TestHTTPClient.get(port: stage.adminPort, "/api/dead-letters/1").status == 401)
        #expect(try TestHTTPClient.post(port: stage.adminPort, "/api/dead-letters/replay", "{}").status == 401)
        let bearer = ["Authorization": "Bearer sesame"]
        let answer = try TestHTTPClient.get(port: stage.adminPort, "/api/dead-letters", headers: bearer)
        #expect(answer.status == 200)
    }

    @Test("a replay through the running relay delivers with the same id and time, and the sums add up")
    func replayOnline() throws {
        let stage = try stage(bad: ["3", "17"])
        let before = try letters(stage)
        let dry = try run(["replay", "--all", "--dry-run"], stage)
        #expect(dry.code == 0 && dry.output.contains("2 would be replayed"), "\(dry.output)")
        #expect(try letters(stage).count == 2)
        let replay = try run(["replay", "--reason", "refused", "--rate", "100"], stage)
        #expect(replay.code == 0 && replay.output.contains("2 replayed"), "\(replay.output)")
        try expectSumsAfterReplay(stage, delivered: stage.ids.count, replayed: 2)
        #expect(try letters(stage).isEmpty)
        let events = try RelayStack.receivedEvents(sandboxPort: stage.sandboxPort)
        for letter in before {
            let sent = try #require(events.last { $0["event_id"] as? String == letter["event_id"] as? String })
            #expect(sent["event_time"] as? Int == letter["event_time"] as? Int)
        }
    }

    @Test("without a relay the journal itself is asked, and the next start delivers what was replayed")
    func offline() throws {
        let stage = try stage(bad: ["3", "17"])
        stage.relay.kill(SIGTERM)
        #expect(stage.relay.exitCode() == 0)
        let list = try run(["list", "--json"], stage, online: false)
        #expect(list.code == 0 && list.output.contains(stage.id("17")), "\(list.output)")
        let replay = try run(["replay", "--all"], stage, online: false)
        #expect(replay.code == 0 && replay.output.contains("2 replayed"), "\(replay.output)")
        let (relay, _, adminPort) = try RelayStack.startRelay(upstreamPort: stage.sandboxPort, folder: stage.folder)
        let arrived = try ArrivalCounts.waiting(for: stage.ids.count, sandboxPort: stage.sandboxPort)
        #expect(arrived.ids == stage.ids)
        _ = try eventually { try RelayStack.metrics(adminPort: adminPort)["pinrelay_events_unaccounted"] == 0 }
        let metrics = try RelayStack.metrics(adminPort: adminPort)
        #expect(metrics["pinrelay_events_recovered_total"] == 2 && metrics["pinrelay_events_unaccounted"] == 0)
        #expect(relay.isRunning)
    }

    @Test("a journal that is not there, and a relay that does not answer, are told in a sentence")
    func noWay() throws {
        let stage = try FaultStage()
        let locked = try run(["list"], stage, online: false)
        #expect(locked.code == 1 && locked.output.contains("--admin"), "\(locked.output)")
        let nowhere = try BinaryProcess(
            ["dead-letters", "list"],
            environment: [
                "PINTEREST_AD_ACCOUNT_ID": "1", "PINTEREST_CONVERSION_TOKEN": "t",
                "PINRELAY_JOURNAL_PATH": stage.folder.path + "/nowhere",
            ])
        #expect(nowhere.exitCode() == 1 && nowhere.output.contains("there is no journal"))
        #expect(!FileManager.default.fileExists(atPath: stage.folder.path + "/nowhere"))
    }

    @Test("an event that has grown too old is not replayed, and a sentence says so")
    func tooOld() throws {
        let stage = try FaultStage()
        try stage.setFaults(#"{"bad_event_ids":["aged"]}"#)
        // Seven days old in four seconds.
        let time = ISO8601DateFormatter().string(from: Date().addingTimeInterval(4 - 7 * 86_400))
        let event = """
            {"writeKey":"wk","event":"Order Completed","messageId":"aged","userId":"u","timestamp":"\(time)",
             "context":{"traits":{"email":"jane@example.com"}},"properties":{"value":1}}
            """
        #expect(try TestHTTPClient.post(port: stage.publicPort, "/v1/track", event).status == 200)
        #expect(try eventually { try letters(stage).count == 1 })
        sleep(5)
        let replay = try run(["replay", "--all"], stage)
        #expect(replay.code == 0 && replay.output.contains("1 not replayed: the event is older than seven days"))
        #expect(try letters(stage).first?["not_replayable"] as? String == "too_old")
    }

    @Test("a relay killed in the middle of a replay has each event in one place: delivered, or still a dead letter")
    func killedInTheMiddle() throws {
        let stage = try stage(bad: (0..<100).map(String.init), of: 120)
        let process = try BinaryProcess(
            [
                "dead-letters", "replay", "--all", "--rate", "100", "--admin", "http://127.0.0.1:\(stage.adminPort)",
            ],
            environment: [
                "PINTEREST_AD_ACCOUNT_ID": RelayStack.account, "PINTEREST_CONVERSION_TOKEN": RelayStack.token,
            ])
        _ = try eventually { try letters(stage).count < 70 }
        stage.relay.kill(SIGKILL)
        _ = stage.relay.exitCode()
        #expect(process.exitCode() == 1)
        let (relay, _, adminPort) = try RelayStack.startRelay(upstreamPort: stage.sandboxPort, folder: stage.folder)
        _ = try eventually {
            FaultStage.sum(try RelayStack.metrics(adminPort: adminPort), "pinrelay_events_queued") == 0
        }
        let page = try TestHTTPClient.get(port: adminPort, "/api/dead-letters?limit=1000").json()
        let left = Set((page["dead_letters"] as? [[String: Any]] ?? []).compactMap { $0["event_id"] as? String })
        let arrived = try ArrivalCounts(sandboxPort: stage.sandboxPort).ids
        #expect(left.isDisjoint(with: arrived) && left.union(arrived) == stage.ids)
        #expect(!left.isEmpty && left.count < 100)
        #expect(relay.isRunning)
    }
}
