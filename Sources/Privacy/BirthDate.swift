/// A calendar date read from the forms that senders use; nil for impossible and for ambiguous dates.
///
/// Forms (`mapping.md` 6 and 9.11): `1990-04-05`, `1990/04/05`, `1990.04.05`, `19900405`; `05.04.1990` day first;
/// `25/04/1990` and `04-25-1990` where a part over 12 shows the order, else by the configured order. A time behind the
/// date is ignored: the date is the one that was written, in whatever zone.
struct BirthDate: Hashable {
    private let year: Int
    private let month: Int
    private let day: Int

    /// Nobody who buys was born outside these years; they catch `0001-01-01` and shifted digits.
    private static let plausibleYears = 1850...2199

    init?(_ text: Span<UInt8>, order: PrivacyRules.DayMonthOrder?) {
        var scanner = DatePartScanner(position: 0)
        guard let first = scanner.part(text) else { return nil }
        if first.digitCount == 8, scanner.isAtTimeOrEnd(text) {
            self.init(year: first.value / 10_000, month: first.value / 100 % 100, day: first.value % 100)
            return
        }
        guard let separator = scanner.separator(text), let second = scanner.part(text),
            scanner.separator(text) == separator, let third = scanner.part(text), scanner.isAtTimeOrEnd(text),
            second.digitCount <= 2
        else { return nil }
        if first.digitCount == 4, third.digitCount <= 2 {
            self.init(year: first.value, month: second.value, day: third.value)
        } else if first.digitCount <= 2, third.digitCount == 4 {
            let known = separator == UInt8(ascii: ".") ? .dayFirst : Self.order(first.value, second.value) ?? order
            guard let known else { return nil }
            let (day, month) = known == .dayFirst ? (first.value, second.value) : (second.value, first.value)
            self.init(year: third.value, month: month, day: day)
        } else {
            return nil
        }
    }

    private init?(year: Int, month: Int, day: Int) {
        guard Self.plausibleYears.contains(year), (1...12).contains(month), day >= 1,
            day <= Self.dayCount(month: month, year: year)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// The order that a part over 12 proves.
    private static func order(_ first: Int, _ second: Int) -> PrivacyRules.DayMonthOrder? {
        if first > 12 { return .dayFirst }
        return second > 12 ? .monthFirst : nil
    }

    private static func dayCount(month: Int, year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The date as the number `YYYYMMDD`.
    var number: Int { year * 10_000 + month * 100 + day }
}

/// Reads the digits and separators of a date; every step is total.
private struct DatePartScanner {
    var position: Int

    /// One to eight digits.
    mutating func part(_ text: Span<UInt8>) -> (value: Int, digitCount: Int)? {
        var value = 0
        let start = position
        while position < text.count, ASCII.isDigit(text[position]), position - start < 8 {
            value = value * 10 + Int(text[position] - 0x30)
            position += 1
        }
        return position > start ? (value, position - start) : nil
    }

    /// `-`, `/` or `.`.
    mutating func separator(_ text: Span<UInt8>) -> UInt8? {
        guard position < text.count else { return nil }
        let byte = text[position]
        guard byte == UInt8(ascii: "-") || byte == UInt8(ascii: "/") || byte == UInt8(ascii: ".") else { return nil }
        position += 1
        return byte
    }

    /// The text ends here, or `T` or a space and a digit begin a time. The text is lower case.
    func isAtTimeOrEnd(_ text: Span<UInt8>) -> Bool {
        guard position < text.count else { return true }
        guard position + 1 < text.count, text[position] == UInt8(ascii: "t") || text[position] == 0x20 else {
            return false
        }
        return ASCII.isDigit(text[position + 1])
    }
}
