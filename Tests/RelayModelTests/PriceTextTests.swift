import RelayModel
import Testing

@Suite("Numbers as text")
struct PriceTextTests {
    /// The text of a number that was parsed into a double.
    private func text(_ value: Double) -> String {
        var tape = EventTape()
        let node = tape.number(value)
        return tape.copyString(tape.numberText(node))
    }

    @Test("a price keeps the digits that it was written with", arguments: [1, 10, 100, 1000, 10_000])
    func prices(unit: Int) throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let mantissa = Int.random(in: -99_999_999...99_999_999, using: &generator)
            let printed = text(Double(mantissa) / Double(unit))
            #expect(printed == Self.plain(mantissa, unit), "\(mantissa) / \(unit)")
        }
    }

    /// `mantissa / unit` without zeros at the end.
    private static func plain(_ mantissa: Int, _ unit: Int) -> String {
        var (digits, unit) = (mantissa, unit)
        while unit > 1, digits % 10 == 0 { (digits, unit) = (digits / 10, unit / 10) }
        let sign = digits < 0 ? "-" : ""
        guard unit > 1 else { return "\(digits)" }
        let fraction = String(String(abs(digits) % unit + unit).dropFirst())
        return "\(sign)\(abs(digits) / unit).\(fraction)"
    }

    @Test("every double reads back from its text, and no shorter text than Swift's own is lost")
    func roundTrips() {
        for _ in 0..<5000 {
            let value = Double.random(in: -1e12...1e12) / [1, 3, 7e3, 1e7].randomElement()!
            let printed = text(value)
            #expect(Double(printed) == value)
            let shortest = "\(value)"
            if !shortest.contains("e") {
                #expect(printed == (shortest.hasSuffix(".0") ? String(shortest.dropLast(2)) : shortest))
            }
        }
    }

    @Test("whole numbers to the ends of 64 bits", arguments: [0, 7, -7, 10, Int64.max, Int64.min])
    func whole(value: Int64) {
        var tape = EventTape()
        let node = tape.integer(value)
        #expect(tape.copyString(tape.numberText(node)) == "\(value)")
    }
}
