import RelayModel
import RelayTestKit
import Testing

@Suite("EventTape doubles")
struct TapeDoubleTests {
    @Test(
        "a parsed number is the double that JavaScript makes of it",
        arguments: [
            ("0", 0), ("-0.0", 0), ("12", 12), ("-7", -7), ("0.1", 0.1), ("1e3", 1000),
            ("9007199254740993", 9007199254740992),
            ("18446744073709551615", 18446744073709551616), ("-9223372036854775808", -0x1p63),
        ] as [(String, Double)])
    func parsed(_ json: String, _ expected: Double) throws {
        let value = try withTape("[\(json)]") { tape, root in Self.first(tape, root) }
        #expect(value == expected)
    }

    @Test(
        "decimal text is the double next to it",
        arguments: [
            "0", "-0.5", "12.50", "0.1", "42.5", "123456789012345", "1234567890.12345", "0.000000000000001",
            "9007199254740993", "0.30000000000000004", "12345678901234567890.123456789", "-99999999999999999999",
        ])
    func decimal(_ digits: String) {
        var tape = EventTape()
        let node = tape.decimal(tape.append(Array(digits.utf8)))
        #expect(tape.double(node) == Double(digits))
    }

    @Test("what is no number has no double", arguments: ["\"5\"", "true", "null", "[5]", "{\"a\":5}"])
    func others(_ json: String) throws {
        let value = try withTape("[\(json)]") { tape, root in Self.first(tape, root) }
        #expect(value == nil)
    }

    private static func first(_ tape: borrowing EventTape, _ list: TapeNode) -> Double? {
        guard let element = tape.firstElement(list) else { return nil }
        return tape.double(element)
    }
}
