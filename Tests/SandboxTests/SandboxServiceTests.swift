import Testing

@testable import PinterestSandbox

@Suite("SandboxService")
struct SandboxServiceTests {
    /// A service with its judge, at a time that stands still.
    private struct Desk: ~Copyable {
        let service: SandboxService
        var judge: SandboxContract

        init(_ settings: SandboxSettings = SandboxSettings(token: "t0")) {
            service = SandboxService(settings)
            judge = SandboxContract(settings)
        }

        mutating func send(_ body: String, _ call: SandboxCall = call(), now time: Int64 = now) -> SandboxReply {
            service.reply(to: call, body: Array(body.utf8).span, judge: &judge, nowMillis: time * 1000)
        }

        mutating func admin(_ method: String, _ path: String, query: String = "", body: String = "") -> SandboxAnswer {
            send(body, call(path: path, query: query, method: method, authorization: nil, contentType: nil)).answer
        }
    }

    private func header(_ name: String, _ answer: SandboxAnswer) -> String? {
        answer.headers.first { $0.name == name }?.value
    }

    @Test("arrivals are counted by id and name, repeats apart")
    func counting() {
        var desk = Desk()
        _ = desk.send(body(event(id: "\"a\""), event(id: "\"b\"")))
        _ = desk.send(body(event(id: "\"a\""), event(name: "\"lead\"", id: "\"a\"")))
        let summary = desk.service.summary
        #expect(summary.requests == 2)
        #expect(summary.requestsByStatus == [200: 2])
        #expect(summary.events == 4)
        #expect(summary.uniqueIDs == 3)
        #expect(summary.duplicates == 1)
        #expect(summary.eventsByName == ["page_visit": 3, "lead": 1])
        #expect(
            desk.service.arrivals(atLeast: 2) == [
                SandboxArrival(eventID: "a", eventName: "page_visit", count: 2, firstMillis: now * 1000)
            ])
    }

    @Test("failed events, test events and refused requests are no arrivals")
    func notCounted() {
        var desk = Desk()
        _ = desk.send(body(event(time: "1")))
        _ = desk.send(body(event()), call(query: "test=true"))
        _ = desk.send("{}")
        let summary = desk.service.summary
        #expect(summary.events == 0)
        #expect(summary.failedEvents == 1)
        #expect(summary.testEvents == 1)
        #expect(summary.requestsByStatus == [422: 1, 200: 1, 400: 1])
        #expect(desk.service.arrivals().isEmpty)
    }

    @Test("memory is bounded: what is beyond the caps is counted but not kept")
    func bounds() {
        var settings = SandboxSettings(token: "t0")
        settings.keepIDs = 2
        settings.keepBodies = 1
        var desk = Desk(settings)
        for id in ["a", "b", "c", "a"] { _ = desk.send(body(event(id: "\"\(id)\""))) }
        #expect(desk.service.summary.events == 4)
        #expect(desk.service.summary.untrackedEvents == 1)
        #expect(desk.service.summary.duplicates == 1)
        #expect(desk.service.events(limit: 10) == [Array(event(id: "\"a\"").utf8)])
    }

    @Test("raw events come back byte for byte, newest last")
    func rawEvents() {
        var desk = Desk()
        let odd = event(id: #""q\"]}{[ \\""#, more: #""custom_data":{"contents":[{"id":"x"}, {}]}"#)
        _ = desk.send("{ \"data\" : [ \(event(id: "\"1\"")) ,\n\(odd)]}")
        _ = desk.send(body(event(id: "\"3\"")))
        let expected = [event(id: "\"1\""), odd, event(id: "\"3\"")].map { Array($0.utf8) }
        #expect(desk.service.events(limit: 10) == expected)
        #expect(desk.service.events(limit: 2) == Array(expected.suffix(2)))
        let answer = object(desk.admin("GET", "/sandbox/events", query: "limit=2").body)
        #expect(
            (answer["events"] as? [[String: Any]])?.compactMap { $0["event_id"] as? String } == ["q\"]}{[ \\", "3"])
    }

    @Test("every answer carries quota, request id and type")
    func headers() {
        var desk = Desk()
        let answer = desk.send(body(event())).answer
        #expect(
            header("X-RateLimit-Limit", answer)
                == "120000, 120000;w=60;name=\"ads_conversions_ad_account_id\"")
        #expect(header("X-RateLimit-Remaining", answer) == "119999")
        #expect(header("X-RateLimit-Reset", answer) == "60")
        #expect(header("X-Pinterest-RID", answer) != header("X-Pinterest-RID", desk.send(body(event())).answer))
        #expect(header("Content-Type", answer) == "application/json")
    }

    @Test("beyond the quota an account is answered 429 until its window ends; another account is not")
    func quota() {
        var settings = SandboxSettings(token: "t0")
        settings.requestsPerMinute = 1
        var desk = Desk(settings)
        #expect(desk.send(body(event())).answer.status == 200)
        let refused = desk.send(body(event()), now: now + 20).answer
        #expect(refused.status == 429)
        #expect(object(refused.body)["code"] as? Int == 8)
        #expect(header("X-RateLimit-Reset", refused) == "40")
        #expect(desk.send(body(event()), call(path: "/v5/ad_accounts/2/events"), now: now + 20).answer.status == 200)
        #expect(desk.send(body(event()), now: now + 60).answer.status == 200)
    }

    @Test(
        "an asked-for status is answered as the upstream would, and nothing is taken",
        arguments: [(401, 2), (403, 29), (404, 2), (429, 8), (500, 1), (503, 4197)])
    func statusFault(status: Int, code: Int) {
        var desk = Desk()
        desk.service.setFaults(SandboxFaults(steps: [SandboxFaultStep(.status(status), count: 1)]))
        let answer = desk.send(body(event())).answer
        #expect(answer.status == status)
        #expect(object(answer.body)["code"] as? Int == code)
        #expect(header("X-RateLimit-Reset", answer) == nil)
        #expect(header("Retry-After", answer) == nil)
        #expect(desk.service.summary.events == 0)
        #expect(desk.send(body(event())).answer.status == 200)
    }

    @Test("the two hints of an asked-for 429 are sent when they are asked for")
    func hints() {
        var desk = Desk()
        desk.service.setFaults(SandboxFaults(steps: [SandboxFaultStep(.status(429, retryAfter: 2, reset: 3))]))
        let answer = desk.send(body(event())).answer
        #expect(header("Retry-After", answer) == "2")
        #expect(header("X-RateLimit-Reset", answer) == "3")
    }

    @Test(
        "a lost answer may follow taken events or not",
        arguments: [
            (SandboxFault.hang(taken: true), SandboxReply.Manner.hang, 1), (.hang(taken: false), .hang, 0),
            (.reset(taken: true), .reset, 1), (.reset(taken: false), .reset, 0),
        ])
    func lostAnswer(fault: SandboxFault, manner: SandboxReply.Manner, events: Int) {
        var desk = Desk()
        desk.service.setFaults(SandboxFaults(steps: [SandboxFaultStep(fault)]))
        #expect(desk.send(body(event())).manner == manner)
        #expect(desk.service.summary.events == events)
        #expect(desk.service.summary.requestsByStatus == [0: 1])
    }

    @Test("spoilt answers follow taken events")
    func spoiltAnswers() {
        var desk = Desk()
        desk.service.setFaults(
            SandboxFaults(
                steps: [.malformed, .truncated, .shortList, .drip(bytesPerSecond: 9)].map {
                    SandboxFaultStep($0, count: 1)
                }))
        let two = body(event(id: "\"a\""), event(id: "\"b\""))
        #expect(object(desk.send(two).answer.body).isEmpty)
        #expect(desk.send(two).manner == .cut)
        let short = object(desk.send(two).answer.body)
        #expect((short["events"] as? [Any])?.count == 1)
        #expect(short["num_events_received"] as? Int == 2)
        #expect(desk.send(two).manner == .drip(bytesPerSecond: 9))
        #expect(desk.service.summary.events == 8)
    }

    @Test("events asked to fail do so by id, with latency and mixed status as asked")
    func badEvents() {
        var desk = Desk()
        let answer = desk.admin(
            "POST", "/sandbox/faults", body: #"{"bad_event_ids":["b"],"mixed_status":422,"latency_ms":15}"#)
        #expect(answer.status == 200)
        let reply = desk.send(body(event(id: "\"a\""), event(id: "\"b\"")))
        #expect(reply.answer.status == 422)
        #expect(reply.delay == .milliseconds(15))
        #expect(desk.service.arrivals().map(\.eventID) == ["a"])
    }

    @Test("the admin routes tell what arrived and forget it on demand")
    func adminRoutes() {
        var desk = Desk()
        _ = desk.send(body(event(id: "\"a\"")))
        _ = desk.send(body(event(id: "\"a\"")))
        let summary = object(desk.admin("GET", "/sandbox/summary").body)
        #expect(summary["events"] as? Int == 2)
        #expect(summary["unique_ids"] as? Int == 1)
        #expect(summary["duplicates"] as? Int == 1)
        #expect(summary["by_event_name"] as? [String: Int] == ["page_visit": 2])
        #expect(summary["requests_by_status"] as? [String: Int] == ["200": 2])
        let ids = desk.admin("GET", "/sandbox/ids", query: "min_count=2")
        #expect(
            String(decoding: ids.body, as: UTF8.self)
                == "{\"event_id\":\"a\",\"event_name\":\"page_visit\",\"count\":2,\"first_ms\":\(now * 1000)}\n")
        #expect(desk.admin("POST", "/sandbox/reset").status == 200)
        #expect(desk.service.summary == SandboxSummary())
        #expect(desk.admin("GET", "/sandbox/nothing").status == 404)
        #expect(desk.admin("POST", "/sandbox/faults", body: #"{"x":1}"#).status == 400)
    }
}
