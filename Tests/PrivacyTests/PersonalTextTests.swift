import PhoneNumbers
import RelayModel
import Testing

@testable import Privacy

@Suite("Personal text")
struct PersonalTextTests {
    /// Everything that Swift offers to print a value.
    private func prints(of value: some Any) -> [String] {
        var dumped = ""
        dump(value, to: &dumped)
        let mirrored = Mirror(reflecting: value).children.map { "\($0)" }.joined()
        return ["\(value)", String(describing: value), String(reflecting: value), dumped, mirrored]
    }

    @Test("a personal text shows nothing, however it is printed")
    func showsNothing() {
        var tape = EventTape()
        let text = PersonalText(tape.append("jane@example.com".utf8))
        #expect("\(text)" == "<personal>")
        #expect(text.debugDescription == "<personal>")
        #expect(Mirror(reflecting: text).children.isEmpty)
        for print in prints(of: text) { #expect(!print.contains("jane") && !print.contains("start")) }
    }

    @Test("neither mapped event, stage nor cleared event shows a personal value")
    func nothingInPrints() throws {
        var trial = PrivacyTrial()
        trial.add("Jane.Secret@Example.com", to: \.em)
        trial.add("Zaphodina", to: \.fn)
        trial.event.sourceURL = trial.personal("https://shop.example/?email=Jane.Secret@Example.com")
        trial.event.person.address = trial.personal("203.0.113.9")
        let result = try trial.run()
        for print in prints(of: trial.event) + prints(of: result.verdict) {
            #expect(!print.lowercased().contains("jane") && !print.lowercased().contains("zaphodina"))
        }
        #expect(!String(decoding: result.event.text, as: UTF8.self).lowercased().contains("jane"))
        #expect("\(result.event.user.address)" == "<address>")
        #expect("\(result.event.user.userAgent)" == "<user agent>")
    }

    @Test("the stage shows nothing of the values that it has worked on")
    func silentStage() throws {
        var trial = PrivacyTrial()
        trial.add("jane.secret@example.com", to: \.em)
        var stage = PrivacyStage(rules: trial.rules)
        var hasher = CountingHasher()
        var cleared = ConversionEvent(name: .standard(.custom))
        _ = stage.clear(trial.event, on: trial.tape, into: &cleared, hasher: &hasher, phones: PhoneNumberParser())
        #expect(hasher.count == 1)
        for print in prints(of: stage) { #expect(!print.contains("106") && !print.contains("jane")) }
    }
}

/// Hashes nothing; counts.
private struct CountingHasher: TextHashing {
    var count = 0

    mutating func sha256(_ bytes: Span<UInt8>) -> HashedValue {
        count += 1
        return HashedValue(words: (UInt64(bytes.count), 0, 0, 0))
    }
}
