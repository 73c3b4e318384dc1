import Mapping
import MappingLanguage
import RelayModel
import Testing

@testable import Settings

@Suite("Mappings in the configuration")
struct MappingEntryTests {
    private static let head = """
        destinations:
          - { name: shop, ad_account_id: "1", token: t }
          - { name: app, ad_account_id: "2", token: t }
        sources:
          - { name: web, kind: ga4 }
          - { name: backend, kind: segment }
        mappings:

        """
    private static let headLines = 7

    private func read(_ mappings: String) throws -> RelaySettings { try settings(Self.head + mappings, [:]) }

    private func faults(_ mappings: String) -> [ConfigError] { OperationsTests.faults(Self.head + mappings, [:]) }

    @Test("a mapping holds for all sources and destinations unless it names some")
    func places() throws {
        let read = try read(
            """
              - name: everywhere
                trigger: type = "track"
                event_name: lead
              - name: shipped
                sources: [backend]
                destinations: [app]
                enabled: false
                trigger: 'type = "track"'
            """)
        #expect(read.mappings.map(\.sources) == [[0, 1], [1]])
        #expect(read.mappings.map(\.destinations) == [[0, 1], [1]])
        #expect(read.mappings.map(\.rule.isEnabled) == [true, false])
        #expect(read.mappings[0].rule.eventName == .standard(.lead))
        #expect(read.mappings[1].rule.eventName == nil)
    }

    @Test(
        "the keys of Segment's export are taken for ours",
        arguments: [
            #"{"name":"Add to Cart","subscribe":"type = \"track\" and event = \"Product Added\"","partnerAction":"reportConversionEvent","mapping":{"event_name":"add_to_cart"},"type":"automatic"}"#,
            #"{"id":"x","name":"Add to Cart","actionId":"a","actionSlug":"reportConversionEvent","destinationId":"d","modelId":null,"enabled":true,"trigger":"type = \"track\"","settings":{"event_name":"add_to_cart"}}"#,
        ])
    func segmentKeys(json: String) throws {
        let read = try read("  - \(json)\n")
        #expect(read.mappings[0].rule.name == "Add to Cart")
        #expect(read.mappings[0].rule.eventName == .standard(.addToCart))
        #expect(read.warnings.allSatisfy { !$0.contains("mapping") })
    }

    @Test(
        "plain words are typed as YAML types them, quoted ones are text",
        arguments: [
            ("9.5", MappingValue.number("9.5")), ("-0", .number("-0")), ("1e3", .number("1e3")), ("true", .bool(true)),
            ("null", .null), ("~", .null), ("\"9.5\"", .text("9.5")), ("'true'", .text("true")),
            ("0x10", .text("0x10")),
            ("007", .text("007")), (".5", .text(".5")), ("yes", .text("yes")),
            ("[1, a]", .list([.number("1"), .text("a")])),
            ("{ a: 1 }", .object([MappingMember("a", .number("1"))])), ("|\n        9", .text("9\n")),
            ("1.", .text("1.")),
        ])
    func types(yaml: String, expected: MappingValue) throws {
        let read = try read("  - name: x\n    trigger: type = \"track\"\n    fields:\n      language: \(yaml)\n")
        #expect(read.mappings[0].rule.fields?.source == .object([MappingMember("language", expected)]))
    }

    private struct Case: Sendable, CustomTestStringConvertible {
        let yaml: String
        let path: String
        let line: Int
        let text: String
        var testDescription: String { text }
    }

    private static let own = "  - name: x\n    trigger: type = \"track\"\n"

    @Test(
        "a fault names file, mapping, key and line",
        arguments: [
            Case(yaml: "  - trigger: type = \"x\"\n", path: "mappings[0].name", line: 1, text: "is missing"),
            Case(yaml: "  - name: x\n", path: "mappings[0].trigger", line: 1, text: "is missing"),
            Case(
                yaml: own + "    name2: 1\n", path: "mappings[0].name2", line: 3,
                text: "unknown key (did you mean name?)"),
            Case(yaml: "  - name: x\n    trigger: type is\n", path: "mappings[0].trigger", line: 2, text: ""),
            Case(
                yaml: own + "    sources: [nowhere]\n", path: "mappings[0].sources[0]", line: 3, text: "(web, backend)"),
            Case(yaml: own + "    destinations: []\n", path: "mappings[0].destinations", line: 3, text: "empty"),
            Case(
                yaml: own + "    event_name: not ok\n", path: "mappings[0].event_name", line: 3, text: "expected one of"
            ),
            Case(yaml: own + "    subscribe: type = \"x\"\n", path: "mappings[0].subscribe", line: 3, text: "only one"),
            Case(yaml: own + "    preset: ga4-purchase\n", path: "mappings[0].preset", line: 3, text: "not both"),
            Case(yaml: own + "    fields: 3\n", path: "mappings[0].fields", line: 3, text: "expected fields"),
            Case(
                yaml: own + "    fields:\n      user_data:\n        emial: x\n",
                path: "mappings[0].fields.user_data.emial", line: 5, text: "did you mean user_data.email?"),
            Case(
                yaml: own + "    fields:\n      language: en\n      custom_data.value:\n        \"@nope\": 1\n",
                path: "mappings[0].fields.custom_data.value", line: 6, text: "@nope"),
            Case(
                yaml: own + "    event_name: lead\n    mapping:\n      event_name: checkout\n",
                path: "mappings[0].mapping.event_name", line: 5, text: "says checkout"),
            Case(
                yaml: "  - preset: ga4-purchas\n", path: "mappings[0].preset", line: 1,
                text: "did you mean ga4-purchase?"),
            Case(
                yaml: "  - preset: ga4-purchase\n    trigger: type = \"x\"\n", path: "mappings[0].trigger", line: 2,
                text: "a preset has a trigger"),
            Case(
                yaml: "  - preset: ga4-purchase\n    sources: [backend]\n", path: "mappings[0].sources", line: 2,
                text: "no source of kind ga4"),
            Case(yaml: own + own, path: "mappings[1].name", line: 3, text: "stands above"),
            Case(
                yaml: "  - preset: ga4-purchase\n  - preset: ga4-purchase\n    enabled: false\n",
                path: "mappings[1].preset", line: 2, text: "same source and destination"),
        ])
    private func faults(example: Case) throws {
        let all = faults(example.yaml)
        let fault = try #require(all.first)
        #expect(all.count == 1, "\(all)")
        #expect(fault.path == example.path)
        #expect(fault.line == example.line + Self.headLines)
        #expect(fault.message.contains(example.text), "\(fault)")
        #expect(fault.message.contains("mapping ") && fault.message.contains(" in configuration"))
    }

    @Test("all faults of all mappings are named at once")
    func together() {
        let all = faults(
            """
              - name: a
                trigger: type is
                fields: { x: 1, y: 2 }
              - name: a
                trigger: type = "track"
                event_name: "no name"
            """)
        #expect(all.count == 5, "\(all)")
    }

    @Test("a preset can be changed differently for two sources, and two destinations")
    func apart() throws {
        let read = try read(
            """
              - { preset: segment-page, sources: [backend], destinations: [shop], enabled: false }
              - { preset: segment-page, sources: [backend], destinations: [app], event_name: view_content }
              - { name: ga4-purchase, sources: [web], trigger: 'event_name = "order"' }
            """)
        #expect(read.mappings.count == 3)
    }

    @Test("an event name that is none of Pinterest's brings a warning")
    func ownName() throws {
        let read = try read("  - { name: x, trigger: 'type = \"track\"', event_name: chekout }\n")
        #expect(read.warnings.contains { $0.contains("chekout is none of Pinterest's") && $0.contains("checkout?") })
        #expect(read.mappings[0].rule.eventName?.text == "chekout")
    }
}
