import Journal
import RelayModel
import RelayTestKit
import Telemetry
import Testing

@testable import RelayApp

/// What senders are told, and what is counted, by what the journal says.
@Suite("RequestDesk")
struct RequestDeskTests {
    private let origin = ["Origin": "https://shop.example"]

    private func expectReadable(_ answer: TestHTTPClient.Answer) {
        #expect(answer.headers["access-control-allow-origin"] == "https://shop.example")
        #expect(answer.headers["access-control-allow-credentials"] == "true")
        #expect(answer.headers["vary"] == "Origin")
    }

    @Test(
        "what the journal does not take, or cannot store, is told 503 and counted as not sent",
        arguments: [ScriptedJournal.Answer.notTaken, .refused])
    func refusedByTheJournal(_ answer: ScriptedJournal.Answer) throws {
        let rig = try DeskRig()
        rig.journal.answers(answer)
        let orders = [Sample.order("1"), Sample.order("2", email: false)]
        let told = try TestHTTPClient.post(port: rig.port, "/v1/batch?results=1", headers: origin, Sample.batch(orders))
        #expect(told.status == 503)
        #expect(told.headers["retry-after"] == "5")
        #expect(told.json()["code"] as? String == "journal_unavailable")
        expectReadable(told)
        #expect(rig.metrics.notSent(source: 0, .journalRefused).value == 4)
        #expect(rig.metrics.dead(destination: 0, .noIdentity).value == 0)
        #expect(rig.metrics.pending.value == 0)
        #expect(rig.metrics.request(.batch, status: 503).value == 1)
    }

    @Test("dead letters count once they are stored")
    func deadLetters() throws {
        let rig = try DeskRig()
        let orders = [Sample.order("1"), Sample.order("2", email: false), "7"]
        #expect(try TestHTTPClient.post(port: rig.port, "/v1/batch", Sample.batch(orders)).status == 200)
        #expect(rig.metrics.dead(destination: 0, .noIdentity).value == 1)
        #expect(rig.metrics.dead(destination: 1, .noIdentity).value == 1)
        #expect(rig.metrics.dead(destination: nil, .notAnEvent).value == 1)
        #expect(rig.metrics.pending.value == 0)
        #expect(rig.metrics.notSent(source: 0, .journalRefused).value == 0)
    }

    @Test("browser hits, pixels and Pinterest-shaped events get their 503 in their own shape")
    func otherShapes() throws {
        let rig = try DeskRig()
        rig.journal.answers(.refused)
        let hit = "/g/collect?v=2&tid=G-1&cid=1.2&en=page_view&ep.user_data.email=jane%40example.com"
        let browser = try TestHTTPClient.get(port: rig.port, hit, headers: origin)
        #expect(browser.status == 503)
        expectReadable(browser)
        let pixel = try TestHTTPClient.get(
            port: rig.port, "/pixel/v1/track?writeKey=wk&event=Order%20Completed&userId=u&context.traits.email=a%40b.cd"
        )
        #expect(pixel.status == 503)
        #expect(pixel.headers["content-type"] == "image/gif")
        let event = """
            {"data":[{"event_name":"lead","action_source":"web","event_id":"e","event_time":\(WallClock.millis() / 1_000),
             "user_data":{"em":["jane@example.com"]}}]}
            """
        let shaped = try TestHTTPClient.post(
            port: rig.port, "/v5/ad_accounts/1002/events", headers: ["Authorization": "Bearer token-of-the-outlet"],
            event)
        #expect(shaped.status == 503)
        #expect(shaped.headers["retry-after"] == "5")
        #expect(shaped.json()["code"] as? Int == 4197)
        #expect(rig.journal.appends.last?.blocks.map(\.destination) == [1])
        #expect(rig.metrics.notSent(source: 2, .journalRefused).value == 1)
        #expect(rig.metrics.pending.value == 0)
        #expect(rig.metrics.request(.pinterestEvents, status: 503).value == 1)
    }

    @Test("a call over the number that may wait is told at once, so that a browser may read it")
    func fullTable() throws {
        let rig = try DeskRig(capacity: 1)
        rig.journal.answers(.silent)
        let first = rig.sendLater("/v1/batch", Sample.batch([Sample.order("1")]))
        #expect(eventually { rig.journal.appends.count == 1 })
        let second = try TestHTTPClient.post(
            port: rig.port, "/v1/batch", headers: origin, Sample.batch([Sample.order("2")]))
        #expect(second.status == 503)
        #expect(second.headers["retry-after"] == "5")
        expectReadable(second)
        #expect(rig.journal.appends.count == 1)
        #expect(rig.metrics.notSent(source: 0, .journalRefused).value == 2)
        #expect(rig.metrics.pending.value == 2)
        #expect(rig.metrics.request(.batch, status: 503).value == 1)
        rig.journal.answerAll(.stored)
        #expect(try first.wait().status == 200)
        #expect(rig.metrics.pending.value == 0)
    }

    @Test("a sender that waits too long is told to come back; its ticket stays out until the journal speaks")
    func overdue() throws {
        let rig = try DeskRig(capacity: 1)
        rig.journal.answers(.silent)
        let first = rig.sendLater("/v1/batch", Sample.batch([Sample.order("1")]))
        #expect(eventually { rig.journal.appends.count == 1 })
        rig.expire()
        #expect(try first.wait().status == 503)
        #expect(rig.metrics.pending.value == 2)
        #expect(rig.metrics.notSent(source: 0, .journalRefused).value == 0)
        // The mailbox has a place for that ticket, and none for another.
        #expect(try TestHTTPClient.post(port: rig.port, "/v1/batch", Sample.batch([Sample.order("2")])).status == 503)
        rig.journal.answerAll(.stored)
        #expect(eventually { rig.metrics.pending.value == 0 })
        rig.journal.answers(.stored)
        #expect(try TestHTTPClient.post(port: rig.port, "/v1/batch", Sample.batch([Sample.order("3")])).status == 200)
        #expect(rig.metrics.notSent(source: 0, .journalRefused).value == 2)
    }

    @Test("the results name what the journal tells as repeats, and the journal is asked only where they are wanted")
    func duplicates() throws {
        let rig = try DeskRig()
        // Two destinations: places 0 to 2 are the events of the one, 3 to 5 those of the other.
        rig.journal.answers(.stored, repeats: [0, 2, 3])
        let body = Sample.batch([Sample.order("1"), "7", Sample.order("2"), Sample.order("3")])
        let plain = try TestHTTPClient.post(port: rig.port, "/v1/batch", body)
        #expect(plain.text == #"{"success":true}"#)
        let told = try TestHTTPClient.post(port: rig.port, "/v1/batch?results=1", body)
        #expect(
            told.text == #"{"success":true,"results":[{"index":0,"status":"duplicate"},"#
                + #"{"index":1,"status":"rejected","reason":"not_an_event"},"#
                + #"{"index":2,"status":"accepted"},{"index":3,"status":"accepted"}]}"#)
        #expect(rig.journal.appends.map(\.listsRepeats) == [false, true])
    }
}
