import Foundation
import RelayTestKit
import Testing

@Suite("Compressed bodies")
struct SegmentEncodingTests {
    private func event(_ id: String) -> [UInt8] {
        Array(
            #"{"writeKey":"wk","event":"Signed Up","userId":"u","messageId":"\#(id)","properties":{"email":"a@example.com"}}"#
                .utf8)
    }

    private func post(
        _ stack: RelayStack, _ encoding: String, _ body: [UInt8], _ target: String = "/v1/track"
    ) throws -> TestHTTPClient.Answer {
        try TestHTTPClient.send(
            "POST", port: stack.publicPort, target, headers: ["Content-Encoding": encoding], body: body)
    }

    @Test("gzip and both kinds of deflate arrive like plain ones")
    func forms() throws {
        let stack = try RelayStack()
        let calls: [(encoding: String, body: [UInt8])] = [
            ("gzip", Compression.gzip.compress(event("gzip"))), ("GZip", Compression.gzip.compress(event("GZip"))),
            ("x-gzip", Compression.gzip.compress(event("x-gzip"))),
            ("deflate", Compression.zlib.compress(event("zlib"))),
            ("deflate", Compression.bareDeflate.compress(event("bare"))), ("identity", event("identity")),
        ]
        for (encoding, body) in calls {
            let answer = try post(stack, encoding, body)
            #expect(answer.status == 200, "\(encoding): \(answer.text)")
            #expect(answer.text == #"{"success":true}"#)
        }
        let ids = try stack.waitForEvents(6).compactMap { $0["event_id"] as? String }
        #expect(ids == ["gzip", "GZip", "x-gzip", "zlib", "bare", "identity"])
    }

    @Test("a compressed batch of a hundred arrives whole")
    func batch() throws {
        let stack = try RelayStack()
        let items = (0..<100).map {
            #"{"type":"track","event":"Signed Up","userId":"u\#($0)","messageId":"m\#($0)","properties":{"email":"a\#($0)@example.com"}}"#
        }
        let body = Compression.gzip.compress(
            Array("{\"writeKey\":\"wk\",\"batch\":[\(items.joined(separator: ","))]}".utf8))
        #expect(try post(stack, "gzip", body, "/v1/batch").status == 200)
        let ids = try stack.waitForEvents(100).compactMap { $0["event_id"] as? String }
        #expect(ids == (0..<100).map { "m\($0)" })
    }

    @Test("an unknown encoding is answered 415 and told what is taken", arguments: ["br", "zstd", "gzip, gzip"])
    func unknown(_ encoding: String) throws {
        let stack = try RelayStack()
        let answer = try post(stack, encoding, event("1"))
        #expect(answer.status == 415)
        #expect(answer.json()["code"] as? String == "unsupported_encoding")
        #expect((answer.json()["message"] as? String)?.isEmpty == false)
        #expect(answer.headers["accept-encoding"] == "gzip, deflate")
    }

    @Test("truncated and corrupt bodies are answered 400, bombs and large ones 413, and the relay goes on")
    func refused() throws {
        let limits = "listen: {limits: {compressed_body_bytes: 64KiB, inflate_ratio: 100}}\n"
        let stack = try RelayStack(configuration: limits)
        var random = SeededRandom(seed: 1)
        let noise = (0..<80_000).map { _ in UInt8.random(in: 0...255, using: &random) }
        let whole = Compression.gzip.compress(event("1"))
        var wrongSum = whole
        wrongSum[whole.count - 5] ^= 0xFF
        let calls: [(body: [UInt8], status: Int, code: String)] = [
            (Array(whole.dropLast(3)), 400, "truncated_encoding"), (Array(whole.prefix(5)), 400, "truncated_encoding"),
            (wrongSum, 400, "corrupt_encoding"), (event("1"), 400, "corrupt_encoding"),
            (whole + Array("tail".utf8), 400, "corrupt_encoding"),
            (Compression.gzip.compress(noise), 413, "compressed_body_too_large"),
            (Compression.gzip.compress([UInt8](repeating: 0x20, count: 1 << 20)), 413, "inflate_ratio_too_high"),
            (
                Compression.gzip.compress([UInt8](repeating: 0x20, count: 16 << 20) + noise.prefix(40_000)), 413,
                "inflated_body_too_large"
            ),
            (Compression.gzip.compress([]), 400, "empty_body"), ([], 400, "empty_body"),
            (Compression.gzip.compress(event("1") + [UInt8](repeating: 0x20, count: 40_000)), 400, "event_too_large"),
            (Compression.gzip.compress(Array("{".utf8)), 400, "malformed_json"),
        ]
        for (body, status, code) in calls {
            let answer = try post(stack, "gzip", body)
            #expect(answer.status == status, "\(code): \(answer.text)")
            #expect(answer.json()["code"] as? String == code)
        }
        #expect(try post(stack, "gzip", whole).status == 200)
        #expect(try stack.waitForEvents(1).count == 1)
        let faults = try stack.metrics()
        #expect(faults["pinrelay_input_faults_total{fault=\"corrupt_encoding\"}"] == 3)
    }

    @Test("GA4 inputs take compressed bodies too, and answer faults as ever")
    func ga4() throws {
        let stack = try RelayStack()
        let hit = Array(
            #"{"client_id":"1.2","events":[{"name":"sign_up","params":{"event_id":"e1"}}],"user_data":{"email":"a@example.com"}}"#
                .utf8)
        let target = "/mp/collect?measurement_id=G-1&api_secret=s"
        #expect(try post(stack, "gzip", Compression.gzip.compress(hit), target).status == 204)
        #expect(try post(stack, "br", hit, target).status == 204)
        #expect(try stack.waitForEvents(1).compactMap { $0["event_id"] as? String } == ["e1"])
        #expect(try stack.metrics()["pinrelay_input_faults_total{fault=\"unsupported_encoding\"}"] == 1)
    }
}
