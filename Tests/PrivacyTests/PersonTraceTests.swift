import Privacy
import RelayModel
import Testing

@Suite("PersonTrace")
struct PersonTraceTests {
    @Test("a trace tells each value's normal forms, hashes and faults, and changes nothing")
    func values() throws {
        var trial = PrivacyTrial()
        let hash = String(repeating: "ab", count: 32)
        trial.add("Ann@Shop.example", "x", to: \.em)
        trial.add(hash, to: \.externalID)
        trial.add("94107-1234", to: \.zp)
        trial.add("US", to: \.country)
        var trace: PersonTrace? = PersonTrace()
        let traced = try trial.run(trace: &trace)
        let plain = try trial.run()
        #expect(traced.verdict == plain.verdict)
        #expect(traced.hexes(\.em) == plain.hexes(\.em) && traced.hexes(\.zp) == plain.hexes(\.zp))
        let told = try #require(trace)
        #expect(told.region == "US")
        #expect(told.values.map(\.field).contains("user_data.country"))
        let email = told.values.filter { $0.field == "user_data.em" }
        #expect(email.map(\.given) == ["Ann@Shop.example", "x"])
        #expect(email.map(\.normalised) == [["ann@shop.example"], []])
        #expect(email.map(\.warnings) == [[], [.notAnEmail]])
        let zip = told.values.first { $0.field == "user_data.zp" }
        #expect(zip?.normalised == ["941071234", "94107"])
        #expect(zip?.hashes.map(\.hex) == plain.hexes(\.zp))
        let id = told.values.first { $0.field == "user_data.external_id" }
        #expect(id?.normalised == [] && id?.hashes.map(\.hex) == [hash])
    }

    @Test("without a trace nothing is kept")
    func off() throws {
        var trial = PrivacyTrial()
        trial.add("ann@shop.example", to: \.em)
        var trace: PersonTrace?
        _ = try trial.run(trace: &trace)
        #expect(trace == nil)
    }
}
