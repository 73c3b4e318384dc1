import Foundation
import RelayTestKit
import Testing

@Suite("Hits wrapped in a body, and compressed bodies on the debug route")
struct WrappedBodyTests {
    private static let query = "v=2&tid=G-1&cid=1.2&_p=3&dl=https%3A%2F%2Fshop.example%2F&en=page_view"
    private let agent = ["User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/131.0"]

    private func post(
        _ stack: RelayStack, _ target: String, _ body: [UInt8], coding: String? = nil
    ) throws -> TestHTTPClient.Answer {
        var headers = agent
        headers["Content-Encoding"] = coding
        return try TestHTTPClient.send("POST", port: stack.publicPort, target, headers: headers, body: body)
    }

    @Test("the container's own path takes them wherever it is, plain and compressed")
    func containerPaths() throws {
        let stack = try RelayStack()
        var count = 0
        for path in ["/", "/metrics/", "/a/b/", "/v1/"] {
            for coding in [nil, "gzip", "deflate"] {
                count += 1
                let body = Array("/g/collect?\(Self.query)&_s=\(count)\r\n".utf8)
                let sent =
                    coding == nil ? body : (coding == "gzip" ? Compression.gzip : .zlib).compress(body)
                #expect(try post(stack, path, sent, coding: coding).status == 204, "\(path) \(coding ?? "plain")")
                let received = try stack.metrics()[#"pinrelay_events_received_total{source="ga4"}"#]
                #expect(received == Double(count), "\(path) \(coding ?? "plain")")
            }
        }
    }

    @Test("with a prefix, it is looked for below that; other bodies and paths stay unknown")
    func others() throws {
        let stack = try RelayStack(
            configuration: """
                listen: { path_prefix: /tags }
                destinations: [{ name: shop, ad_account_id: "\(RelayStack.account)", token: "\(RelayStack.token)" }]
                """)
        let body = Array("/g/collect?\(Self.query)".utf8)
        let zipped = Compression.gzip.compress(body)
        #expect(try post(stack, "/tags/", zipped, coding: "gzip").status == 204)
        #expect(try post(stack, "/tags/metrics/", body).status == 204)
        for (target, body, coding) in [
            ("/metrics/", body, nil), ("/tags/metrics", body, nil), ("/tags/metrics/", Array("x".utf8), nil),
            ("/tags/metrics/", zipped, nil), ("/tags/metrics/", Array(zipped.dropLast(9)), "gzip"),
            ("/tags/metrics/", body, "br"), ("/tags/metrics/", [], "gzip"),
        ] as [(String, [UInt8], String?)] {
            #expect(try post(stack, target, body, coding: coding).status == 404, "\(target) \(coding ?? "plain")")
        }
    }

    @Test("the debug route judges what a compressed body holds", arguments: ["gzip", "deflate"])
    func debugRoute(_ coding: String) throws {
        let stack = try RelayStack()
        let compression = coding == "gzip" ? Compression.gzip : .zlib
        func messages(_ body: String) throws -> [[String: String]] {
            let answer = try post(
                stack, "/debug/mp/collect?measurement_id=G-1", compression.compress(Array(body.utf8)), coding: coding)
            #expect(answer.status == 200)
            #expect((answer.json()["pinrelay"] as? [Any])?.count == 1)
            return answer.json()["validationMessages"] as? [[String: String]] ?? []
        }
        #expect(
            try messages(#"{"client_id":"1.2","events":[{"name":"purchase","params":{"value":1,"currency":"EUR"}}]}"#)
                .isEmpty)
        #expect(
            try messages(#"{"client_id":"1.2","events":[{"name":"_bad"}]}"#).map { $0["validationCode"] } == [
                "NAME_INVALID"
            ])
    }

    @Test("a body that cannot be inflated is a finding of the debug route, and the refusal beside it")
    func brokenBody() throws {
        let stack = try RelayStack()
        for coding in ["gzip", "br"] {
            let answer = try post(stack, "/debug/mp/collect?measurement_id=G-1", Array("no gzip".utf8), coding: coding)
            let messages = answer.json()["validationMessages"] as? [[String: String]] ?? []
            #expect(messages.map { $0["validationCode"] } == ["VALUE_INVALID"], "\(coding)")
            #expect(messages.allSatisfy { !($0["description"] ?? "").isEmpty })
            let entries = answer.json()["pinrelay"] as? [[String: Any]] ?? []
            #expect(entries.map { $0["result"] as? String } == ["refused"])
        }
    }
}
