/// How the words of the configuration are read: flags, durations, sizes.
enum ConfigValue {
    static func flag(_ text: String) -> Bool? {
        switch text.lowercased() {
        case "true", "1", "yes", "on": true
        case "false", "0", "no", "off": false
        default: nil
        }
    }

    /// `5s`, `250ms`, `1m30s`, `7d`; a number without unit means seconds, with at most three decimals.
    static func duration(_ text: String) -> Duration? {
        if let millis = decimal(text[...], scale: 1000) { return .milliseconds(millis) }
        var total: Int64 = 0
        var rest = text[...]
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            let unit = rest.dropFirst(number.count).prefix { $0.isASCII && $0.isLetter }
            guard let scale = millis(of: unit), let part = decimal(number, scale: scale) else { return nil }
            let (sum, overflows) = total.addingReportingOverflow(part)
            if overflows { return nil }
            total = sum
            rest = rest.dropFirst(number.count + unit.count)
        }
        return .milliseconds(total)
    }

    private static func millis(of unit: Substring) -> Int64? {
        switch unit {
        case "ms": 1
        case "s": 1000
        case "m", "min": 60_000
        case "h": 3_600_000
        case "d": 86_400_000
        default: nil
        }
    }

    /// The shortest text that reads back as the same duration.
    static func text(_ duration: Duration) -> String {
        let parts = duration.components
        let millis = parts.seconds * 1000 + parts.attoseconds / 1_000_000_000_000_000
        for (unit, scale) in [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000)] as [(String, Int64)]
        where millis != 0 && millis % scale == 0 {
            return "\(millis / scale)\(unit)"
        }
        return millis == 0 ? "0s" : "\(millis)ms"
    }

    /// `10GiB`, `500MB`, `4096`: binary units with `i`, decimal ones without.
    static func byteCount(_ text: String) -> Int? {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let scale = bytes(of: text.dropFirst(number.count)) else { return nil }
        return decimal(number, scale: scale).flatMap { Int(exactly: $0) }
    }

    private static func bytes(of unit: Substring) -> Int64? {
        switch unit {
        case "", "B": 1
        case "kB", "KB": 1000
        case "MB": 1_000_000
        case "GB": 1_000_000_000
        case "TB": 1_000_000_000_000
        case "KiB": 1 << 10
        case "MiB": 1 << 20
        case "GiB": 1 << 30
        case "TiB": 1 << 40
        default: nil
        }
    }

    /// An unsigned decimal number times a scale, if the product is whole.
    private static func decimal(_ text: Substring, scale: Int64) -> Int64? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }) else { return nil }
        guard let whole = parts.first.flatMap({ Int64($0) }) else { return nil }
        let (product, overflows) = whole.multipliedReportingOverflow(by: scale)
        guard !overflows else { return nil }
        guard parts.count == 2 else { return product }
        guard parts[1].count <= 6, let digits = Int64(parts[1]) else { return nil }
        let power = (0..<parts[1].count).reduce(Int64(1)) { power, _ in power * 10 }
        let (scaled, overflowsToo) = digits.multipliedReportingOverflow(by: scale)
        guard !overflowsToo, scaled % power == 0 else { return nil }
        let (sum, overflowsAtLast) = product.addingReportingOverflow(scaled / power)
        return overflowsAtLast ? nil : sum
    }
}
