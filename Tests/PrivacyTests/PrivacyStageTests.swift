import Digests
import PhoneNumbers
import RelayModel
import Testing

@testable import Privacy

@Suite("Privacy stage")
struct PrivacyStageTests {
    @Test("what may leave in clear is copied as it is")
    func copies() throws {
        var trial = PrivacyTrial()
        trial.event.eventID = trial.text("order-1")
        trial.event.eventTime = 1_790_000_000
        trial.event.actionSource = .offline
        trial.event.optOut = true
        trial.event.language = trial.text("en")
        trial.event.partnerName = trial.text("ss-shop")
        trial.event.clickID = trial.text("dj0yJnU9")
        trial.event.custom.value = trial.text("129.90")
        trial.event.custom.numItems = 0
        trial.event.custom.orderID = trial.text("o-1")
        trial.event.custom.searchString = trial.text("Lamp ")
        trial.event.custom.contentName = trial.text("Lämp")
        trial.event.custom.contentCategory = trial.text("Home")
        trial.event.custom.contentBrand = trial.text("B")
        trial.event.custom.predictedLTV = trial.text("1.5")
        trial.event.custom.contentIDs = [trial.text("a"), trial.text("b")]
        var item = ContentItem()
        item.id = trial.text("a")
        item.itemPrice = trial.text("64.95")
        item.quantity = 2
        item.itemName = trial.text("n")
        item.itemCategory = trial.text("c")
        item.itemBrand = trial.text("d")
        trial.event.custom.contents = [item, ContentItem()]
        let result = try trial.run()
        let event = result.event
        #expect(event.name == .standard(.checkout))
        #expect(event.eventTime == 1_790_000_000 && event.actionSource == .offline && event.optOut)
        let texts = [
            event.eventID, event.language, event.partnerName, event.user.clickID, event.custom.value,
            event.custom.orderID, event.custom.searchString, event.custom.contentName, event.custom.contentCategory,
            event.custom.contentBrand, event.custom.predictedLTV,
        ]
        #expect(
            texts.map(result.string) == [
                "order-1", "en", "ss-shop", "dj0yJnU9", "129.90", "o-1", "Lamp ", "Lämp", "Home", "B", "1.5",
            ])
        #expect(event.custom.numItems == 0)
        #expect(event.custom.contentIDs.map(result.string) == ["a", "b"])
        let first = try #require(event.custom.contents.first)
        #expect(
            [first.id, first.itemPrice, first.itemName, first.itemCategory, first.itemBrand].map(result.string)
                == ["a", "64.95", "n", "c", "d"])
        #expect(first.quantity == 2 && event.custom.contents.count == 2)
        #expect(event.custom.contents[1].id.isEmpty && event.custom.contents[1].quantity == nil)
        #expect(result.warnings.isEmpty)
    }

    @Test("an absent text stays absent")
    func absentTexts() throws {
        let result = try PrivacyTrial().run()
        #expect(result.event.text.isEmpty)
        #expect(result.event.sourceURL == .none && result.event.user.clickID == .none)
        #expect(result.verdict == .cleared(warnings: []))
    }

    @Test("an advertiser's own event name is copied")
    func advertiserDefinedName() throws {
        var trial = PrivacyTrial()
        trial.event.name = .advertiserDefined(trial.text("wish_granted"))
        let result = try trial.run()
        guard case .advertiserDefined(let name) = result.event.name else {
            Issue.record("another name: \(result.event.name)")
            return
        }
        #expect(result.string(name) == "wish_granted")
    }

    @Test(
        "a currency is upper-cased, and left out when it is not three letters",
        arguments: [
            ("usd", "USD", []), (" Eur ", "EUR", []), ("", "", []), ("US", "", ["unknown_code"]),
            ("€", "", ["unknown_code"]), ("US1", "", ["unknown_code"]), ("dollar", "", ["unknown_code"]),
        ])
    func currency(given: String, expected: String, warnings: [String]) throws {
        var trial = PrivacyTrial()
        trial.event.custom.currency = trial.text(given)
        let result = try trial.run()
        #expect(result.string(result.event.custom.currency) == expected)
        #expect(result.kinds.map(\.rawValue) == warnings)
    }

    @Test("the mapping's warnings come first, each kind once per field")
    func warningOrder() throws {
        var trial = PrivacyTrial()
        trial.event.warnings = [EventWarning("custom_data.value", .notPositive)]
        trial.add("x", "y", to: \.em)
        trial.add("x", to: \.db)
        let warnings = try trial.run().warnings
        #expect(warnings.map(\.field) == ["custom_data.value", "user_data.em", "user_data.db"])
        #expect(warnings.map(\.kind) == [.notPositive, .notAnEmail, .impossibleDate])
    }

    @Test("nothing of one event is left in the next, in the stage or in the event that is written again")
    func reuse() throws {
        var full = PrivacyTrial()
        for field in FieldUnderTest.all { full.add("94107-1234", to: field.input) }
        full.event.person.address = full.personal("203.0.113.9")
        full.event.sourceURL = full.personal("https://shop.example/?email=x")
        full.event.custom.optOutType = full.text("LDP")
        full.event.optOut = true
        let bare = PrivacyTrial()
        var stage = PrivacyStage(rules: PrivacyRules())
        var hasher = try SHA256Hasher()
        var cleared = ConversionEvent(name: .standard(.custom))
        let phones = PhoneNumberParser()
        let first = stage.clear(full.event, on: full.tape, into: &cleared, hasher: &hasher, phones: phones)
        #expect(first != .cleared(warnings: []))
        let second = stage.clear(bare.event, on: bare.tape, into: &cleared, hasher: &hasher, phones: phones)
        #expect(second == .cleared(warnings: []))
        #expect(cleared.text.isEmpty && !cleared.optOut)
        #expect(cleared.custom.optOutType.isEmpty && cleared.user.address.text.isEmpty)
        for field in FieldUnderTest.all { #expect(cleared.user[keyPath: field.output].isEmpty) }
    }

    @Test("several addresses give all values of each field, in order, and the first country decides")
    func severalAddresses() throws {
        var trial = PrivacyTrial()
        trial.add("US", "GB", to: \.country)
        trial.add("CA", "ENG", to: \.st)
        trial.add("94107", "SW1A 1AA", to: \.zp)
        trial.add("San Francisco", "London", to: \.ct)
        let result = try trial.run()
        #expect(result.hexes(\.country) == [try sha256("us"), try sha256("gb")])
        #expect(result.hexes(\.zp) == [try sha256("94107"), try sha256("11")])
        #expect(result.hexes(\.ct) == [try sha256("sanfrancisco"), try sha256("london")])
        #expect(result.hexes(\.st) == [try sha256("ca")])
    }

    @Test("a phone is read in the event's country, else in the configured region")
    func phoneRegions() throws {
        #expect(try region(country: "DE", fallback: "US") == "de")
        #expect(try region(country: nil, fallback: "US") == "us")
        #expect(try region(country: "Nowhere", fallback: "US") == "us")
        #expect(try region(country: nil, fallback: nil) == "none")
    }

    /// The region that the phone parser was given.
    private func region(country: String?, fallback: String?) throws -> String {
        var trial = PrivacyTrial()
        trial.rules.defaultRegion = fallback.flatMap { CountryCode($0) }
        trial.add("030 901820", to: \.ph)
        if let country { trial.add(country, to: \.country) }
        var stage = PrivacyStage(rules: trial.rules)
        var hasher = try SHA256Hasher()
        var cleared = ConversionEvent(name: .standard(.custom))
        _ = stage.clear(trial.event, on: trial.tape, into: &cleared, hasher: &hasher, phones: RegionAsDigits())
        let hex = cleared.user.ph.first?.hex
        return try ["de", "us", "none"].first { try sha256("1" + $0) == hex } ?? "another"
    }

    @Test("a number that parses but is not possible is sent as parsed, with a warning")
    func impossiblePhone() throws {
        var trial = PrivacyTrial()
        trial.add("+1 555", to: \.ph)
        var stage = PrivacyStage(rules: trial.rules)
        var hasher = try SHA256Hasher()
        var cleared = ConversionEvent(name: .standard(.custom))
        let verdict = stage.clear(
            trial.event, on: trial.tape, into: &cleared, hasher: &hasher, phones: ImpossiblePhones())
        #expect(verdict == .cleared(warnings: [EventWarning("user_data.ph", .phoneNotParsed)]))
        #expect(cleared.user.ph.first?.hex == (try sha256("1555")))
    }
}

/// Answers with the region it was given.
private struct RegionAsDigits: PhoneParsing {
    func read(_ number: Span<UInt8>, region: CountryCode?, into digits: inout [UInt8]) -> PhoneReading {
        digits.append(UInt8(ascii: "1"))
        guard let region else {
            digits += "none".utf8
            return .international
        }
        region.letters.forEachByte { digits.append($0) }
        return .international
    }
}

private struct ImpossiblePhones: PhoneParsing {
    func read(_ number: Span<UInt8>, region: CountryCode?, into digits: inout [UInt8]) -> PhoneReading {
        digits += "1555".utf8
        return .impossible
    }
}
