import RelayModel

/// Times as senders write them (`mapping.md` 4.2), in microseconds since 1970.
enum EventTimes {
    static let microsPerSecond: Int64 = 1_000_000
    /// An event may be dated so far ahead of its receipt; it is then set to that.
    static let maximumAhead = 300 * microsPerSecond
    static let maximumAge = 7 * 86_400 * microsPerSecond

    /// A clock that is wrong by more is no clock: it is not corrected.
    private static let maximumSkew = 86_400 * microsPerSecond

    /// A Segment call's time by the clock of receipt: `receivedAt - (sentAt - original)`. A `timestamp` beside an
    /// original one is another relay's correction of the same.
    /// - Returns: nil where there is nothing to correct, or nothing to correct it by (`mapping.md` 4.2, 9.14).
    static func corrected(timestamp: Int64?, original: Int64?, sentAt: Int64?, receivedAt: Int64) -> Int64? {
        guard let base = original ?? timestamp, let sentAt, abs(receivedAt - sentAt) <= maximumSkew else { return nil }
        return base + (receivedAt - sentAt)
    }

    /// `2026-11-21T12:00:00.000Z`; what lies before 1970 is its start.
    static func iso8601(_ micros: Int64) -> [UInt8] {
        let millis = max(micros, 0) / 1000
        let date = civilDate(daysSince1970: millis / 86_400_000)
        let ofDay = millis % 86_400_000
        var text: [UInt8] = []
        text.reserveCapacity(24)
        append(date.year, 4, then: "-", to: &text)
        append(date.month, 2, then: "-", to: &text)
        append(date.day, 2, then: "T", to: &text)
        append(ofDay / 3_600_000, 2, then: ":", to: &text)
        append(ofDay / 60_000 % 60, 2, then: ":", to: &text)
        append(ofDay / 1000 % 60, 2, then: ".", to: &text)
        append(ofDay % 1000, 3, then: "Z", to: &text)
        return text
    }

    /// Appends the last `width` digits of a number, and a mark.
    private static func append(_ value: Int64, _ width: Int, then mark: Unicode.Scalar, to text: inout [UInt8]) {
        var unit: Int64 = 1
        for _ in 1..<width { unit *= 10 }
        while unit > 0 {
            text.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / unit % 10))
            unit /= 10
        }
        text.append(UInt8(ascii: mark))
    }

    /// The Gregorian date of a day in 1970 or later. Years are counted from March, so that the leap day is their last.
    private static func civilDate(daysSince1970 days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let fromMarch = days + 719_468
        let (era, ofEra) = fromMarch.quotientAndRemainder(dividingBy: 146_097)
        let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * ofYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, ofYear - (153 * monthFromMarch + 2) / 5 + 1)
    }

    /// ISO 8601 with zone, or a number of seconds, milliseconds or microseconds, told apart by its size.
    static func micros(_ text: Span<UInt8>) -> Int64? {
        fromNumber(text) ?? ISO8601Reader.micros(text)
    }

    /// Numbers of 11 digits are seconds until the year 5138; of 14, milliseconds; of 17, microseconds. A fraction of
    /// the unit is cut off.
    private static func fromNumber(_ text: Span<UInt8>) -> Int64? {
        var value: Int64 = 0
        var index = 0
        while index < text.count, isASCIIDigit(text[index]), index < 18 {
            value = value * 10 + Int64(text[index] - UInt8(ascii: "0"))
            index += 1
        }
        guard index > 0 else { return nil }
        if index < text.count, text[index] == UInt8(ascii: ".") {
            index += 1
            while index < text.count, isASCIIDigit(text[index]) { index += 1 }
        }
        guard index == text.count else { return nil }
        switch value {
        case 0..<100_000_000_000: return value * microsPerSecond
        case 100_000_000_000..<100_000_000_000_000: return value * 1000
        case 100_000_000_000_000..<100_000_000_000_000_000: return value
        default: return nil
        }
    }
}

/// `YYYY-MM-DDThh:mm[:ss[.fff]]` with `Z` or an offset. A time without zone means nothing and is not taken.
struct ISO8601Reader {
    static func micros(_ text: Span<UInt8>) -> Int64? {
        var reader = ISO8601Reader()
        return reader.read(text)
    }

    private var index = 0

    private mutating func read(_ text: Span<UInt8>) -> Int64? {
        guard let year = digits(4, text), take("-", text), let month = digits(2, text), take("-", text),
            let day = digits(2, text), (1...12).contains(month),
            (1...Self.days(inMonth: month, of: year)).contains(day),
            takeAny("T", "t", " ", text), let hour = digits(2, text), take(":", text), let minute = digits(2, text)
        else { return nil }
        var (second, fraction): (Int64, Int64) = (0, 0)
        if take(":", text) {
            guard let value = digits(2, text) else { return nil }
            second = value
            if takeAny(".", ",", ".", text) {
                guard let value = fractionMicros(text) else { return nil }
                fraction = value
            }
        }
        // A leap second (60) counts as the second after 59.
        guard hour < 24, minute < 60, second <= 60, let offset = offsetSeconds(text), index == text.count else {
            return nil
        }
        let days = Self.daysSince1970(year: year, month: month, day: day)
        let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset
        return seconds * EventTimes.microsPerSecond + fraction
    }

    private mutating func digits(_ count: Int, _ text: Span<UInt8>) -> Int64? {
        guard text.count - index >= count else { return nil }
        var value: Int64 = 0
        for _ in 0..<count {
            guard isASCIIDigit(text[index]) else { return nil }
            value = value * 10 + Int64(text[index] - UInt8(ascii: "0"))
            index += 1
        }
        return value
    }

    private mutating func take(_ mark: Unicode.Scalar, _ text: Span<UInt8>) -> Bool {
        guard index < text.count, text[index] == UInt8(ascii: mark) else { return false }
        index += 1
        return true
    }

    private mutating func takeAny(
        _ a: Unicode.Scalar, _ b: Unicode.Scalar, _ c: Unicode.Scalar, _ text: Span<UInt8>
    ) -> Bool {
        take(a, text) || take(b, text) || take(c, text)
    }

    /// Digits of a fraction; those behind the sixth are cut off.
    private mutating func fractionMicros(_ text: Span<UInt8>) -> Int64? {
        let start = index
        var (value, unit): (Int64, Int64) = (0, 100_000)
        while index < text.count, isASCIIDigit(text[index]) {
            value += Int64(text[index] - UInt8(ascii: "0")) * unit
            unit /= 10
            index += 1
        }
        return index > start ? value : nil
    }

    /// `Z`, `+hh:mm`, `+hhmm` or `+hh`, in seconds east of Greenwich.
    private mutating func offsetSeconds(_ text: Span<UInt8>) -> Int64? {
        if takeAny("Z", "z", "Z", text) { return 0 }
        let isWest = take("-", text)
        guard isWest || take("+", text), let hours = digits(2, text) else { return nil }
        var minutes: Int64 = 0
        if take(":", text) || index < text.count {
            guard let value = digits(2, text) else { return nil }
            minutes = value
        }
        guard hours < 24, minutes < 60 else { return nil }
        return (hours * 3600 + minutes * 60) * (isWest ? -1 : 1)
    }

    private static func days(inMonth month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days from 1970-01-01 in the Gregorian calendar. The year is counted from March, so that the leap day is its last.
    private static func daysSince1970(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = year - (month <= 2 ? 1 : 0)
        let monthFromMarch = (month + 9) % 12
        let leapDays = shifted / 4 - shifted / 100 + shifted / 400
        // 719,468 days lie between 0000-03-01 and 1970-01-01.
        return shifted * 365 + leapDays + (153 * monthFromMarch + 2) / 5 + day - 1 - 719_468
    }
}
