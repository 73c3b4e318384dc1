import Foundation
import Settings
import Testing

@testable import RelayApp

@Suite("CaseRunner")
struct CaseRunnerTests {
    private func run(_ yaml: String) throws -> [CaseResult] {
        let file = try MappingCaseFile(yaml: yaml, path: "tests/a.yaml")
        return try CaseRunner(settings: ExplainerTests.settings()).run(file)
    }

    /// Runs one case with an order and these members.
    private func order(_ members: String) throws -> CaseResult {
        let results = try run(
            """
            cases:
              - name: an order
                source: backend
                received_at: 2026-05-01T12:00:00Z
                input: { type: track, event: Order Completed, messageId: m, timestamp: 2026-05-01T12:00:00Z,
                  traits: { email: " Ann@Shop.Example", phone: "x" }, properties: { revenue: 29.50, products: [{ sku: A }] } }
            \(members)
            """)
        return try #require(results.first)
    }

    private func lines(_ result: CaseResult) -> [String] {
        result.differences.map { "\($0.place) \($0.field): \($0.expected ?? "-") / \($0.actual ?? "-")" }
    }

    @Test(
        "what is as expected passes",
        arguments: [
            "    expect: { event_name: checkout }",
            "    expect: [{ event_name: checkout, event_time: 2026-05-01T12:00:00Z, user_data: { em: ann@shop.example } }]",
            "    expect: { event_time: 1777636800, user_data: { em: [ann@shop.example] } }",
            "    expect: { user_data: { em: { clear: ann@shop.example } }, custom_data: { value: 29.5, content_ids: A } }",
            "    expect: { user_data: { em: [{ any: true }], ph: null, fn: { any: false } }, custom_data: { any: true } }",
            "    expect: { event_name: checkout }\n    warnings: { user_data.ph: unusable }",
            """
                expect: { event_name: checkout, event_id: m, event_time: 1777636800, action_source: web,
                  user_data: { em: ann@shop.example },
                  custom_data: { value: "29.5", num_items: 1, content_ids: [A], contents: [{ id: A }] } }
                match: exact
            """,
        ])
    func passes(_ members: String) throws {
        let result = try order(members)
        #expect(result.verdict == .passed, "\(result)")
    }

    @Test(
        "a difference names place, field, what was expected and what came",
        arguments: [
            ("    expect: { event_name: lead }", "event 1 (checkout) event_name: lead / checkout"),
            ("    reason: bot", "event 1 : reason bot / checkout"),
            ("    expect: [{ event_name: checkout }, { event_name: lead }]", "event 2 : lead / -"),
            ("    expect: { custom_data: { value: 29.50 } }", "event 1 (checkout) custom_data.value: 29.50 / 29.5"),
            ("    expect: { user_data: { fn: ann } }", "event 1 (checkout) user_data.fn[0]: ann ("),
            ("    expect: { user_data: { em: null } }", "event 1 (checkout) user_data.em: - / ann@shop.example ("),
            ("    expect: { user_data: { em: bob@x.example } }", "/ ann@shop.example ("),
            ("    expect: { user_data: { em: [ann@shop.example, b] } }", "user_data.em[1]: b ("),
            (
                "    expect: { custom_data: { content_ids: [] } }",
                "event 1 (checkout) custom_data.content_ids[0]: - / A"
            ),
            ("    expect: { custom_data: { contents: [] } }", "custom_data.contents[0].id: - / A"),
            ("    expect: { language: { any: true } }", "event 1 (checkout) language: any value / -"),
            ("    expect: { user_data: { em: { hashed: abc } } }", "user_data.em[0]: abc / ann@shop.example ("),
            ("    expect: { event_name: checkout }\n    match: exact", "event 1 (checkout) event_id: - / m"),
            (
                "    expect: { event_name: checkout }\n    warnings: { user_data.ln: unusable }",
                "user_data.ln: unusable / -"
            ),
        ])
    func fails(_ members: String, _ expected: String) throws {
        let result = try order(members)
        #expect(result.verdict == .failed)
        #expect(lines(result).contains { $0.contains(expected) }, "\(lines(result))")
    }

    @Test("a batch gives its outcomes in order, reasons and events alike")
    func batch() throws {
        let results = try run(
            """
            defaults: { source: backend }
            cases:
              - name: three
                input:
                  - { type: track, event: Signed Up, traits: { email: a@b.example } }
                  - { type: identify, userId: u }
                  - { type: track, event: Signed Up, userId: u }
                expect: [{ event_name: signup }, { reason: unsupported_type }, { reason: no_identity }]
            """)
        #expect(results.map(\.verdict) == [.passed], "\(results)")
    }

    @Test("a request goes through routes, keys and cookies; its refusal is a reason")
    func requests() throws {
        let results = try run(
            """
            cases:
              - name: a hit
                request: { path: "/g/collect?v=2&tid=G-1&cid=1&en=search&ep.search_term=mug", address: 203.0.113.77,
                  headers: { User-Agent: UA/1 } }
                expect: { event_name: search, event_time: 2026-01-01T00:00:00Z,
                  user_data: { client_ip_address: 203.0.113.77 }, custom_data: { search_string: mug } }
              - name: a wrong key
                request: { path: /v1/track, headers: { Authorization: Basic bm86 }, body: { event: a } }
                reason: unknown_write_key
              - name: a key in the query
                request: { path: "/v1/track?writeKey=wk", body: '{"event":"Signed Up","traits":{"email":"a@b.example"}}' }
                expect: { event_name: signup }
              - name: a wrong method
                request: { method: GET, path: /v1/track }
                reason: method_not_allowed
            """)
        #expect(results.map(\.verdict) == Array(repeating: .passed, count: 4), "\(results)")
    }

    @Test("a case that cannot be run says why, and keeps its place")
    func unreadable() throws {
        let results = try run(
            """
            cases:
              - { name: nonsense, input: what is this, reason: bot }
              - { name: no route, request: { path: /nowhere }, reason: bot }
              - { name: no source, source: nobody, input: { type: page }, reason: bot }
              - { name: no kind, as: xml, input: { type: page }, reason: bot }
            """)
        #expect(results.map(\.verdict) == Array(repeating: .unreadable, count: 4))
        #expect(results.map(\.line) == [2, 3, 4, 5])
        #expect(results.allSatisfy { $0.fault?.isEmpty == false })
    }

    @Test("the report's JSON holds verdicts, differences and sums")
    func json() throws {
        var report = CaseReport()
        report.results = try run(
            """
            cases:
              - { name: good, source: backend, input: { type: identify }, reason: unsupported_type }
              - { name: bad, source: backend, input: { type: identify }, reason: bot }
            """)
        let root = try #require(try JSONSerialization.jsonObject(with: Data(report.json)) as? [String: Any])
        #expect(root["summary"] as? [String: Int] == ["passed": 1, "failed": 1, "unreadable": 0])
        let cases = try #require(root["cases"] as? [[String: Any]])
        #expect(cases.map { $0["verdict"] as? String } == ["passed", "failed"])
        #expect(cases.first?["differences"] == nil)
        let difference = try #require((cases.last?["differences"] as? [[String: String]])?.first)
        #expect(
            difference == [
                "place": "event 1", "expected": "reason bot", "actual": "reason unsupported_type",
            ])
    }
}
