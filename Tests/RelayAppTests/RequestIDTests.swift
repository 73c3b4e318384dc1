import RelayTestKit
import Testing

@testable import RelayApp

@Suite("Request ids")
struct RequestIDTests {
    private static let own = "4bf92f3577b34da6a3ce929d0e0e4736"

    private func post(_ rig: DeskRig, id: String?, _ body: String) throws -> TestHTTPClient.Answer {
        let headers = id.map { ["X-Request-Id": $0] } ?? [:]
        return try TestHTTPClient.post(port: rig.port, "/v1/batch", headers: headers, body)
    }

    @Test("a sender's id comes back with every answer, and names a refused call in the log")
    func echoed() throws {
        let rig = try DeskRig()
        let stored = try post(rig, id: Self.own, Sample.batch([Sample.order("m-1")]))
        #expect(stored.status == 200)
        #expect(stored.headers["x-request-id"] == Self.own)
        #expect(rig.lines.all.isEmpty)
        let refused = try post(rig, id: Self.own, "{ broken")
        #expect(refused.status == 400)
        #expect(refused.headers["x-request-id"] == Self.own)
        let line = try #require(rig.lines.all.first)
        #expect(line.contains(#""message":"a call was refused""#) && line.contains(#""level":"info""#))
        #expect(line.contains(#""request_id":"\#(Self.own)""#) && line.contains(#""route":"/v1/batch""#))
        #expect(line.contains(#""status":"400""#) && line.contains(#""code":""#))
    }

    @Test("a call without id gets one when it is refused, another each time, and none when it is taken")
    func made() throws {
        let rig = try DeskRig()
        #expect(try post(rig, id: nil, Sample.batch([Sample.order("m-1")])).headers["x-request-id"] == nil)
        let ids = try (0..<3).map { _ in try post(rig, id: nil, "{ broken").headers["x-request-id"] ?? "" }
        #expect(Set(ids).count == 3)
        #expect(ids.allSatisfy { $0.count == 16 && $0.allSatisfy(\.isHexDigit) })
        for (line, id) in zip(rig.lines.all, ids) { #expect(line.contains(id)) }
        #expect(rig.lines.all.count == 3)
    }

    @Test(
        "an id that could be anything but an id is not taken over",
        arguments: [
            "", "short", "+14155550123", "jane.doe@shop.example", "a b c d e f g h i j k", "ä234567890123456",
            String(repeating: "a", count: 65),
        ])
    func notTaken(id: String) throws {
        let rig = try DeskRig()
        let answer = try post(rig, id: id, "{ broken")
        #expect(answer.headers["x-request-id"] != id)
        #expect(rig.lines.all.count == 1)
        if !id.isEmpty { #expect(!rig.lines.all[0].contains(id)) }
    }

    @Test("a call that the journal does not take is told and logged as a warning, under its id")
    func notStored() throws {
        let rig = try DeskRig()
        rig.journal.answers(.refused)
        let answer = try post(rig, id: Self.own, Sample.batch([Sample.order("m-1")]))
        #expect(answer.status == 503)
        #expect(answer.headers["x-request-id"] == Self.own)
        #expect(rig.lines.all.first?.contains(#""code":"journal_refused""#) == true)
        #expect(rig.lines.all.first?.contains(#""level":"warning""#) == true)
    }

    @Test("a fault that the answer hides, as on the tag's route, is in the log")
    func hidden() throws {
        let rig = try DeskRig()
        let answer = try TestHTTPClient.get(port: rig.port, "/g/collect?v=2&en=")
        #expect(answer.status == 204)
        #expect(rig.lines.all.first?.contains(#""status":"204""#) == true)
    }

    @Test("what is no route is refused under an id too")
    func unknownRoute() throws {
        let rig = try DeskRig()
        let answer = try TestHTTPClient.get(port: rig.port, "/nowhere")
        #expect(answer.status == 404)
        #expect(answer.headers["x-request-id"]?.count == 16)
        #expect(rig.lines.all.first?.contains(#""route":"other""#) == true)
    }
}
