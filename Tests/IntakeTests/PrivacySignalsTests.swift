import Intake
import JSONTape
import RelayModel
import Testing

@Suite("Privacy signals")
struct PrivacySignalsTests {
    /// Reads the signals of one event given as JSON.
    private func read(
        _ signals: PrivacySignals, _ json: String, _ kind: SourceKind = .segmentTrack, batchContext: String? = nil
    ) throws -> SourceEvent {
        var tape = EventTape()
        let document = #"{"event":\#(json),"context":\#(batchContext ?? "null")}"#
        let outer = try JSONTapeParser().parse(Array(document.utf8).span, onto: &tape)
        guard let root = tape.value(outer, "event") else { throw JSONFault.malformed }
        var event = SourceEvent(kind: kind, root: root, call: CallFacts(receivedAtMicros: 0))
        event.batchContext = tape.value(outer, "context")
        signals.read(into: &event, on: &tape)
        return event
    }

    private var category: PrivacySignals {
        var signals = PrivacySignals()
        signals.consentCategory = Array("Advertising".utf8)
        return signals
    }

    private var privacyStrings: PrivacySignals {
        var signals = PrivacySignals()
        signals.readsUSPrivacy = true
        signals.readsGPP = true
        return signals
    }

    private func preferences(_ value: String) -> String {
        #"{"context":{"consent":{"categoryPreferences":{"Analytics":false,"Advertising":\#(value)}}}}"#
    }

    @Test(
        "true grants, an absent or null category is unsaid, everything else denies",
        arguments: [
            ("true", .granted), (#""true""#, .granted), ("false", .denied), (#""false""#, .denied), ("null", .unset),
            (#""no""#, .denied), ("0", .denied), ("{}", .denied), ("1", .denied),
        ] as [(String, ConsentSignal.State)])
    func categoryValues(_ value: String, _ expected: ConsentSignal.State) throws {
        let consent = try read(category, preferences(value)).consent
        #expect(consent.adStorage == expected && consent.adUserData == expected)
        #expect(consent.adPersonalization == .unset)
    }

    @Test(
        "without the category, or with its name spelt otherwise, nothing is said",
        arguments: [
            "{}", #"{"context":{}}"#, #"{"context":{"consent":null}}"#, #"{"context":{"consent":{}}}"#,
            #"{"context":{"consent":{"categoryPreferences":[]}}}"#,
            #"{"context":{"consent":{"categoryPreferences":{"advertising":false}}}}"#,
            #"{"context":{"consent":"no"}}"#,
        ])
    func unsaid(_ json: String) throws { #expect(try read(category, json).consent.isUnsaid) }

    @Test("a batch's context speaks for events whose own has no consent")
    func batchContext() throws {
        let batch = #"{"consent":{"categoryPreferences":{"Advertising":false}}}"#
        #expect(try read(category, #"{"context":{"ip":"1.2.3.4"}}"#, batchContext: batch).consent.isDenied)
        #expect(try read(category, "{}", batchContext: batch).consent.isDenied)
        #expect(try !read(category, preferences("true"), batchContext: batch).consent.isDenied)
    }

    @Test("nothing is read unless it is asked for, and no category of GA4 and Pinterest-shaped events")
    func off() throws {
        #expect(try read(PrivacySignals(), preferences("false")).consent.isUnsaid)
        #expect(try !read(PrivacySignals(), #"{"us_privacy":"1YYN"}"#, .ga4Hit).optsOutOfSale)
        for kind in [SourceKind.ga4Hit, .measurementProtocol, .pinterestEvent] {
            #expect(try read(category, preferences("false"), kind).consent.isUnsaid)
        }
        #expect(try !read(privacyStrings, #"{"us_privacy":"1YYN"}"#, .pinterestEvent).optsOutOfSale)
    }

    @Test(
        "US privacy strings are found where Segment and GA4 senders put them",
        arguments: [
            (SourceKind.segmentTrack, #"{"properties":{"us_privacy":"1YYN"}}"#, true),
            (.segmentPage, #"{"context":{"us_privacy":"1YYN"}}"#, true),
            (.segmentTrack, #"{"properties":{"us_privacy":"1YNN"},"context":{"us_privacy":"1YYN"}}"#, true),
            (.segmentTrack, #"{"us_privacy":"1YYN"}"#, false), (.ga4Hit, #"{"us_privacy":"1YYN"}"#, true),
            (.ga4Hit, #"{"x-sst-system_properties":{"us_privacy":"1YYN"}}"#, true),
            (.ga4Hit, #"{"x-ga-mp2-us_privacy":"1YYN"}"#, true), (.ga4Hit, #"{"us_privacy":"1YNN"}"#, false),
            (.measurementProtocol, #"{"us_privacy":"1YYN"}"#, true),
            (.measurementProtocol, #"{"us_privacy":1}"#, false),
            (.segmentTrack, #"{"properties":{"gpp":"DBABLA~BVVVkkkkkpFY"}}"#, true),
            (.segmentTrack, #"{"context":{"gpp":"DBABLA~BVVVkkkkkpFY","gpp_sid":[7]}}"#, true),
            (.segmentTrack, #"{"context":{"gpp":"DBABLA~BVVVkkkkkpFY","gpp_sid":[8]}}"#, false),
            (.ga4Hit, #"{"x-sst-system_properties":{"gpp":"DBABLA~BVVVkkkkkpFY","gpp_sid":"7"}}"#, true),
            (.ga4Hit, #"{"x-sst-system_properties":{"gpp":"DBABLA~BVVVkkkkkpFY","gpp_sid":"-1"}}"#, false),
            (.ga4Hit, #"{"gpp":"DBABLA~BVQqAAAACg"}"#, false), (.ga4Hit, #"{"gpp":{"x":1}}"#, false),
            (.ga4Hit, "{}", false),
        ])
    func privacyStrings(_ kind: SourceKind, _ json: String, _ expected: Bool) throws {
        #expect(try read(privacyStrings, json, kind).optsOutOfSale == expected)
    }

    @Test("each kind of string is read by its own choice")
    func choices() throws {
        let both = #"{"us_privacy":"1YYN","gpp":"DBABLA~BVQqAAAACg"}"#
        var signals = PrivacySignals()
        signals.readsGPP = true
        #expect(try !read(signals, both, .ga4Hit).optsOutOfSale)
        signals.readsGPP = false
        signals.readsUSPrivacy = true
        #expect(try read(signals, both, .ga4Hit).optsOutOfSale)
        #expect(try !read(signals, #"{"gpp":"DBABLA~BVVVkkkkkpFY"}"#, .ga4Hit).optsOutOfSale)
    }

    @Test("a batch's context may hold the string")
    func batchString() throws {
        #expect(try read(privacyStrings, "{}", batchContext: #"{"us_privacy":"1YYN"}"#).optsOutOfSale)
    }
}
