import Testing

@testable import Settings

@Suite("Case files")
struct MappingCaseFileTests {
    private func faults(_ yaml: String) -> [String] {
        do throws(ConfigErrors) {
            _ = try MappingCaseFile(yaml: yaml, path: "tests/a.yaml")
            return []
        } catch {
            return error.errors.map(\.description)
        }
    }

    private func only(_ yaml: String) throws -> MappingCase {
        let file = try MappingCaseFile(yaml: yaml, path: "a.yaml")
        #expect(file.cases.count == 1)
        return try #require(file.cases.first)
    }

    @Test("a case takes the file's defaults, and its own over them")
    func defaults() throws {
        let file = try MappingCaseFile(
            yaml: """
                defaults: { source: a, received_at: 2026-05-01T12:00:00Z, match: exact, as: segment }
                cases:
                  - { name: one, input: { event: x }, reason: unmapped }
                  - { name: two, input: x, reason: bot, source: b, received_at: 1777636801, match: partial, as: hit }
                """, path: "a.yaml")
        #expect(file.cases.map(\.source) == ["a", "b"])
        #expect(file.cases.map(\.receivedAtMicros) == [1_777_636_800_000_000, 1_777_636_801_000_000])
        #expect(file.cases.map(\.match) == [.exact, .partial])
        #expect(file.cases.map(\.inputKind) == ["segment", "hit"])
        #expect(file.cases.map(\.line) == [3, 4])
    }

    @Test("values are typed as YAML's core schema does, and JSON's numbers alone are numbers")
    func types() throws {
        let yaml = #"""
            cases:
              - name: x
                reason: bot
                input: [1, 1.50, -2e3, 02139, "5", true, yes, null, ~, 0x1F, 2026-05-01T12:00:00Z, +1]
            """#
        guard case .tree(let tree) = try only(yaml).input else {
            Issue.record("a list is a tree")
            return
        }
        let kinds = (tree.items ?? []).map { item in
            switch item.content {
            case .number(let text): "number \(text)"
            case .text(let text): "text \(text)"
            case .bool(let flag): "\(flag)"
            case .null: "null"
            case .list, .map: "container"
            }
        }
        #expect(
            kinds == [
                "number 1", "number 1.50", "number -2e3", "text 02139", "text 5", "true", "text yes", "null", "null",
                "text 0x1F", "text 2026-05-01T12:00:00Z", "text +1",
            ])
    }

    @Test("expect is one event or a list of events and reasons; warnings are pairs")
    func expectations() throws {
        let one = try only(
            "cases: [{ name: x, input: a, expect: { event_name: checkout }, warnings: { user_data.ph: unusable } }]")
        #expect(one.expected.count == 1)
        #expect(one.warnings?.map(\.field) == ["user_data.ph"] && one.warnings?.map(\.kind) == ["unusable"])
        let several = try only("cases: [{ name: x, input: a, expect: [{ event_name: lead }, { reason: bot }] }]")
        guard several.expected.count == 2, case .event = several.expected[0], case .reason("bot") = several.expected[1]
        else {
            Issue.record("an event, then a reason")
            return
        }
    }

    @Test("an input file is read from the folder of its cases")
    func inputFile() throws {
        let files = ConfigFiles { path, _ throws(ConfigFileError) in
            guard path == "tests/in/order.json" else { throw .unreadable }
            return "the order"
        }
        let yaml = "cases: [{ name: x, input_file: in/order.json, reason: bot }]"
        let file = try MappingCaseFile(yaml: yaml, path: "tests/a.yaml", files: files)
        guard case .text("the order")? = file.cases.first?.input else {
            Issue.record("the file's text")
            return
        }
        #expect(throws: ConfigErrors.self) { try MappingCaseFile(yaml: yaml, path: "other/a.yaml", files: files) }
    }

    @Test(
        "every fault names file, place and line",
        arguments: [
            ("cases: {", "tests/a.yaml (line"),
            ("", "tests/a.yaml (line 1): expected a mapping with 'cases'"),
            ("cases: []", "tests/a.yaml: cases (line 1): expected a list"),
            ("casse: []", "unknown key (did you mean cases?)"),
            ("cases: [3]", "tests/a.yaml: cases[0] (line 1): expected a mapping"),
            ("cases: [{ input: a, reason: b }]", "cases[0].name (line 1): a case needs a name"),
            ("cases: [{ name: x, reason: b }]", "one of input, input_file and request is needed"),
            ("cases: [{ name: x, input: a, request: {}, reason: b }]", "and only one"),
            ("cases: [{ name: x, input: 3, reason: b }]", "cases[0].input (line 1): expected a text or JSON"),
            ("cases: [{ name: x, input: a }]", "a case needs expect or reason"),
            ("cases: [{ name: x, input: a, expect: [] }]", "expected at least one event"),
            ("cases: [{ name: x, input: a, expect: [3] }]", "cases[0].expect[0] (line 1): expected a Pinterest event"),
            ("cases: [{ name: x, input: a, expect: {a: 1}, reason: b }]", "keep one of the two"),
            ("cases: [{ name: x, input: a, reason: [b] }]", "expected a reason such as no_consent"),
            ("cases: [{ name: x, input: a, reason: b, macth: exact }]", "unknown key (did you mean match?)"),
            ("cases: [{ name: x, input: a, reason: b, match: loose }]", "expected partial or exact"),
            ("cases: [{ name: x, input: a, reason: b, received_at: noon }]", "expected a time such as"),
            ("cases: [{ name: x, input: a, reason: b, source: [q] }]", "cases[0].source (line 1): expected a text"),
            ("cases: [{ name: x, input: a, reason: b, warnings: [q] }]", "user_data.ph: phone_not_parsed"),
            ("cases: [{ name: x, input_file: nowhere, reason: b }]", "cannot read nowhere"),
            ("cases: [{ name: x, request: { body: a }, reason: b }]", "a request needs a path"),
            ("cases: [{ name: x, request: { path: /, bdoy: a }, reason: b }]", "request.bdoy (line 1): unknown key"),
            ("defaults: { name: x }\ncases: [{ name: x, input: a, reason: b }]", "defaults.name (line 1): unknown key"),
        ])
    func faults(_ yaml: String, _ expected: String) {
        let found = faults(yaml)
        #expect(found.contains { $0.contains(expected) }, "\(found)")
    }

    @Test("all faults of a file are told together")
    func together() {
        #expect(faults("cases:\n  - { name: x }\n  - { input: a, reason: b, q: 1 }").count == 4)
    }

    @Test("a tree that aliases blow up is refused")
    func bomb() {
        var yaml = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...8 {
            yaml +=
                "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
                + "]\n"
        }
        #expect(faults(yaml + "cases: []").contains { $0.contains("too large") })
    }
}

@Suite("Offline settings")
struct OfflineSettingsTests {
    @Test("without a file the defaults hold, and no account is needed")
    func defaults() throws {
        let offline = try RelaySettings.offline(path: nil, environment: [:])
        #expect(offline.settings.sources.count == 2)
        #expect(offline.standIns.isEmpty)
    }
}
