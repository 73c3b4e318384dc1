import Testing

@testable import MappingLanguage

@Suite("JavaScript's numbers")
struct JavaScriptNumberTests {
    @Test(
        "a number is written as JavaScript writes it",
        arguments: [
            ("0", "0"), ("-0.0", "0"), ("1", "1"), ("-1", "-1"), ("3.0", "3"), ("42.50", "42.5"), ("0.1", "0.1"),
            ("-12.25", "-12.25"), ("0.30000000000000004", "0.30000000000000004"), ("1e21", "1e+21"),
            ("1e20", "100000000000000000000"), ("123456789012345680000", "123456789012345680000"),
            ("1.5e300", "1.5e+300"), ("1e-6", "0.000001"), ("1e-7", "1e-7"), ("1.25e-7", "1.25e-7"),
            ("0.00001234", "0.00001234"), ("5e-324", "5e-324"), ("1.7976931348623157e308", "1.7976931348623157e+308"),
            ("9007199254740992", "9007199254740992"), ("9007199254740994", "9007199254740994"),
            ("12345678901234567890", "12345678901234567000"), ("4.35", "4.35"), ("1e16", "10000000000000000"),
            ("123456.789e3", "123456789"), ("1e-5", "0.00001"), ("inf", "Infinity"), ("-inf", "-Infinity"),
            ("nan", "NaN"), ("-1e-7", "-1e-7"), ("-1e21", "-1e+21"),
        ])
    func notation(text: String, expected: String) throws {
        let value = try #require(Double(text))
        var bytes: [UInt8] = []
        JavaScriptNumber.append(value, to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == expected)
    }
}
