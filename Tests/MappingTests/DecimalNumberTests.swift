import RelayModel
import Testing

@Suite("Decimal numbers")
struct DecimalNumberTests {
    private func number(_ text: String) -> DecimalNumber? { DecimalNumber(parsing: Array(text.utf8).span) }

    private func print(_ number: DecimalNumber?) -> String? {
        var bytes: [UInt8] = []
        number?.appendText(to: &bytes)
        return number == nil ? nil : String(decoding: bytes, as: UTF8.self)
    }

    @Test(
        "decimal text is read and printed with its decimals",
        arguments: [
            ("0", "0"), ("12", "12"), ("12.50", "12.50"), ("-0.5", "-0.5"), ("+5", "5"), (".5", "0.5"), ("5.", "5"),
            ("007.10", "7.10"), ("0.00", "0.00"), ("-0", "0"), ("0.007", "0.007"),
            ("123456789012345678901234567890.12345678", "123456789012345678901234567890.12345678"),
            ("999999999999999999", "999999999999999999"), ("1000000000000000000", "1000000000000000000"),
            ("00000000000000000000000000000000000000000000000001", "1"),
        ])
    func parsed(text: String, expected: String) {
        #expect(print(number(text)) == expected)
    }

    @Test(
        "what is no decimal number is refused",
        arguments: [
            "", " ", "abc", "1,50", "$5", "1e3", "1.2.3", "--1", "+-1", "-", ".", "1 000", " 1", "1 ", "٣", "0x10",
            "NaN",
            "999999999999999999999999999999999999999", "0.0000000000000000000000000000000000001",
        ])
    func refused(text: String) {
        #expect(number(text) == nil)
    }

    @Test("sums, differences and products are exact")
    func arithmetic() throws {
        let tenth = try #require(number("0.1"))
        let fifth = try #require(number("0.20"))
        #expect(print(tenth.adding(fifth)) == "0.30")
        #expect(print(tenth.subtracting(fifth)) == "-0.10")
        #expect(print(tenth.multiplied(by: fifth)) == "0.020")
        #expect(print(tenth.multiplied(by: fifth)?.reduced) == "0.02")
        #expect(print(number("100.00")?.reduced) == "100")
        #expect(print(number("0.00")?.reduced) == "0")
    }

    @Test("what does not fit 38 digits is no result")
    func overflow() throws {
        let large = try #require(number(String(repeating: "7", count: 38)))
        #expect(large.adding(large) != nil)
        #expect(large.adding(large)?.adding(large) == nil)
        #expect(large.multiplied(by: large) == nil)
        #expect(large.adding(try #require(number("0.1"))) == nil)
        let small = try #require(number("0.0000000000000000001"))
        #expect(small.multiplied(by: small) == nil)
    }

    @Test("numbers are equal by value")
    func equality() {
        #expect(number("1.50") == number("1.5"))
        #expect(number("0.0") == number("-0"))
        #expect(number("1.5") != number("1.51"))
    }

    @Test(
        "a whole number is one without fraction that fits",
        arguments: [
            ("3", 3), ("3.00", 3), ("-2", -2), ("3.5", nil), ("9223372036854775808", nil),
        ])
    func whole(text: String, expected: Int64?) {
        #expect(number(text)?.wholeValue == expected)
    }

    @Test(
        "a sender's plain text is sent as it is, any other is printed anew",
        arguments: [
            ("12.50", "12.50", true), ("0.5", "0.5", true), ("+5", "5", false), ("05", "5", false),
            (".5", "0.5", false),
            ("5.", "5", false), ("-0.00", "0.00", false), ("-1.0", "-1.0", true),
        ])
    func ownText(text: String, expected: String, isOwn: Bool) throws {
        var tape = EventTape()
        let ref = tape.append(text.utf8)
        let decimal = tape.decimal(in: ref)
        let result = try #require(decimal)
        let sent = tape.copyString(result.text)
        #expect(sent == expected)
        #expect((result.text == ref) == isOwn)
    }
}
