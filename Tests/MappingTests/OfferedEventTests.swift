import Mapping
import RelayModel
import Testing

@Suite("The event as triggers and mappings see it")
struct OfferedEventTests {
    /// A template of every member that is asked for, as `content_name`.
    private func seen(
        _ template: String, _ json: String, _ kind: SourceKind = .segmentTrack, batchContext: String? = nil,
        call: (inout CallFacts, inout EventTape) -> Void = { _, _ in }
    ) throws -> String? {
        let trigger = kind.isSegment ? "anything = null" : "anything = null"
        let rules = [
            try own("t", trigger, "lead", "{\"custom_data.content_name\":{\"@template\":\"\(template)\"}}")
        ]
        let outcome = try map(json, kind, rules: rules, batchContext: batchContext, call: call)
        return outcome.events.first { $0["event_name"] == "lead" }?["content_name"]
    }

    @Test("the type is there though it came in the URL")
    func type() throws {
        #expect(try seen("{{type}} {{messageId}}", #"{"messageId":"m"}"#, .segmentIdentify) == "identify m")
        #expect(try seen("{{type}}", #"{"messageId":"m","type":"nonsense"}"#, .segmentPage) == "page")
    }

    @Test("a batch's context stands in where the event's own lacks a key")
    func context() throws {
        let event = #"{"messageId":"m","context":{"locale":"de","os":null}}"#
        let batch = #"{"locale":"fr","os":{"name":"iOS"},"ip":"203.0.113.9"}"#
        let template = "{{context.locale}} {{context.os.name}} {{context.ip}}"
        #expect(try seen(template, event, batchContext: batch) == "de iOS 203.0.113.9")
    }

    @Test("a browser call's address and user agent are part of it, unless it says its own")
    func connection() throws {
        func browser(_ facts: inout CallFacts, _ tape: inout EventTape) {
            facts.isBrowserCall = true
            facts.address = tape.append("203.0.113.1".utf8)
            facts.userAgent = tape.append("UA".utf8)
        }
        let template = "{{context.ip}} {{context.userAgent}}"
        #expect(try seen(template, #"{"messageId":"m"}"#, call: browser) == "203.0.113.1 UA")
        #expect(try seen(template, #"{"messageId":"m","context":{"ip":"0.0.0.0"}}"#, call: browser) == "0.0.0.0 UA")
        #expect(try seen("{{context.ip}}x", #"{"messageId":"m"}"#) == "x")
        let hit = #"{"event_name":"x","client_id":"c"}"#
        #expect(
            try seen("{{ip_override}} {{user_agent}} {{client_id}}", hit, .ga4Hit, call: browser)
                == "203.0.113.1 UA c")
    }

    @Test("times are those that Segment hands on: corrected by the sender's clock, and of receipt")
    func times() throws {
        let template = "{{timestamp}} {{originalTimestamp}} {{sentAt}} {{receivedAt}}"
        let receipt = "2026-11-21T12:00:00.000Z"
        #expect(try seen(template, #"{"messageId":"m"}"#) == "\(receipt)   \(receipt)")
        let event = #"{"messageId":"m","timestamp":"2026-11-21T10:00:00Z","sentAt":"2026-11-21T10:30:00Z"}"#
        #expect(
            try seen(template, event)
                == "2026-11-21T11:30:00.000Z 2026-11-21T10:00:00Z 2026-11-21T10:30:00Z \(receipt)")
        let unsent = #"{"messageId":"m","timestamp":"2026-11-21T10:00:00Z"}"#
        #expect(
            try seen("{{timestamp}} {{originalTimestamp}}", unsent) == "2026-11-21T10:00:00Z 2026-11-21T10:00:00Z")
    }
}
