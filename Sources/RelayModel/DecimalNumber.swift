/// An exact decimal number: money must not pass through a binary fraction.
///
/// The number is `mantissa / 10^scale`. Every operation that could leave 38 digits answers nil instead of a rounded
/// or wrapped result. The scale is kept as it came (`12.50` keeps two decimals), so that a number prints as written;
/// equality is by value.
public struct DecimalNumber: Sendable {
    let mantissa: Int128
    /// Digits behind the point: 0 to ``maximumScale``.
    let scale: Int

    /// More digits behind the point than any currency or price has.
    static let maximumScale = 36

    init(mantissa: Int128, scale: Int) {
        self.mantissa = mantissa
        self.scale = scale
    }

    public init(_ whole: Int64) { self.init(mantissa: Int128(whole), scale: 0) }

    public static let zero = DecimalNumber(0)

    public var isPositive: Bool { mantissa > 0 }
    public var isNegative: Bool { mantissa < 0 }

    /// The number as an integer; nil when it has a fraction (`2.0` has none) or does not fit.
    public var wholeValue: Int64? {
        let plain = reduced
        return plain.scale == 0 ? Int64(exactly: plain.mantissa) : nil
    }

    /// The same value with no zeros at the end of its fraction.
    public var reduced: DecimalNumber {
        var (mantissa, scale) = (mantissa, scale)
        while scale > 0 {
            let (quotient, remainder) = mantissa.quotientAndRemainder(dividingBy: 10)
            guard remainder == 0 else { break }
            (mantissa, scale) = (quotient, scale - 1)
        }
        return DecimalNumber(mantissa: mantissa, scale: scale)
    }

    /// The exact sum; nil on overflow.
    public func adding(_ other: DecimalNumber) -> DecimalNumber? {
        let common = max(scale, other.scale)
        guard let left = mantissa(atScale: common), let right = other.mantissa(atScale: common) else { return nil }
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? nil : DecimalNumber(mantissa: sum, scale: common)
    }

    /// The exact difference; nil on overflow.
    public func subtracting(_ other: DecimalNumber) -> DecimalNumber? {
        let (negated, overflow) = Int128(0).subtractingReportingOverflow(other.mantissa)
        return overflow ? nil : adding(DecimalNumber(mantissa: negated, scale: other.scale))
    }

    /// The exact product; nil on overflow.
    public func multiplied(by other: DecimalNumber) -> DecimalNumber? {
        let (product, overflow) = mantissa.multipliedReportingOverflow(by: other.mantissa)
        guard !overflow else { return nil }
        let result = DecimalNumber(mantissa: product, scale: scale + other.scale)
        guard result.scale > Self.maximumScale else { return result }
        let shorter = result.reduced
        return shorter.scale <= Self.maximumScale ? shorter : nil
    }

    /// The mantissa that the number has with more digits behind the point.
    private func mantissa(atScale wanted: Int) -> Int128? {
        var result = mantissa
        for _ in scale..<max(scale, wanted) {
            let (next, overflow) = result.multipliedReportingOverflow(by: 10)
            guard !overflow else { return nil }
            result = next
        }
        return result
    }
}

extension DecimalNumber: Equatable {
    public static func == (a: DecimalNumber, b: DecimalNumber) -> Bool {
        let (a, b) = (a.reduced, b.reduced)
        return a.mantissa == b.mantissa && a.scale == b.scale
    }
}
