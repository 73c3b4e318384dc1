import CPhoneNumber
import RelayTestKit
import Testing

@testable import PhoneNumbers

@Suite("Calling codes")
struct CallingCodesTests {
    /// A record of the table.
    struct Plan: Sendable, CustomTestStringConvertible {
        let code: String
        let lengths: [Int]
        let firstDigits: [UInt8]

        var testDescription: String { "+\(code)" }

        static let all = CallingCodes.plain.split(separator: " ").map { record in
            let parts = record.split(separator: ":")
            return Plan(
                code: String(parts[0]), lengths: parts[1].split(separator: ",").compactMap { Int($0) },
                firstDigits: Array(parts[2].utf8))
        }
    }

    /// What libphonenumber itself says, without the short way.
    private func ask(_ text: [UInt8]) -> (grade: relay_phone_grade, digits: [UInt8]) {
        var digits = [UInt8](repeating: 0, count: Int(RELAY_PHONE_DIGITS))
        var count = 0
        let grade = relay_phone_parse(text, text.count, nil, 0, &digits, &count)
        return (grade, Array(digits.prefix(count)))
    }

    @Test("libphonenumber takes every kind of number of the table as it stands", arguments: Plan.all)
    func agrees(plan: Plan) {
        let codes = CallingCodes()
        var differing: [String] = []
        for length in plan.lengths {
            for first in plan.firstDigits {
                for _ in 0..<4 {
                    let rest = (1..<length).map { _ in UInt8.random(in: 0x30...0x39) }
                    let digits = Array(plan.code.utf8) + [first] + rest
                    let answer = ask([UInt8(ascii: "+")] + digits)
                    if codes.takesAsItStands(digits.span), answer.digits == digits,
                        answer.grade == RELAY_PHONE_POSSIBLE
                    {
                        continue
                    }
                    differing.append(String(decoding: digits, as: UTF8.self))
                }
            }
        }
        #expect(differing.isEmpty)
    }

    @Test("what stands between the digits changes nothing", arguments: Plan.all)
    func separators(plan: Plan) {
        let parser = PhoneNumberParser()
        var differing: [String] = []
        for _ in 0..<20 {
            let length = plan.lengths.randomElement() ?? 8
            let first = plan.firstDigits.randomElement() ?? 0x31
            let national = [first] + (1..<length).map { _ in UInt8.random(in: 0x30...0x39) }
            let digits = Array(plan.code.utf8) + national
            var text: [UInt8] = [UInt8(ascii: "+")]
            for digit in digits {
                text.append(digit)
                if Bool.random() { text.append(Array(" -./()".utf8).randomElement() ?? 0x20) }
            }
            if Reading(of: text, by: parser).digits == String(decoding: digits, as: UTF8.self),
                ask(text).digits == digits
            {
                continue
            }
            differing.append(String(decoding: text, as: UTF8.self))
        }
        #expect(differing.isEmpty)
    }

    @Test(
        "what libphonenumber may change is not of the table",
        arguments: [
            "4930", "490309018200", "5491123456789", "8613800138000", "14155552", "11155552671", "10155552671",
            "390669812345",
            "78001234567", "0442079460958", "999123456789", "80012345678", "1", "44", "",
        ])
    func leavesToTheLibrary(digits: String) {
        let isTaken = CallingCodes().takesAsItStands(Array(digits.utf8).span)
        #expect(!isTaken)
    }
}
