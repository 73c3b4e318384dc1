// Typed reading. Each function takes the key's text, checks it, records the value in force and its origin, and falls
// back to the default after a fault, so that the faults behind it are found too.
extension ConfigSection {
    /// Reads a scalar.
    /// - Parameters:
    ///   - expected: what is wanted, for the error: "a duration such as 5s".
    ///   - shape: the same for the schema.
    ///   - defaultText: what the schema says of a default that depends on something.
    ///   - parse: nil for text that is not what is wanted.
    ///   - render: the value as it is shown among the effective settings.
    func scalar<Value>(
        _ key: String, default standard: Value, expected: String, shape: KeyShape = .text, defaultText: String? = nil,
        render: (Value) -> String, parse: (String) -> Value?
    ) -> Value {
        findings.keys.describe(path.key(key), shape, expected, standard: defaultText ?? render(standard))
        return optional(key, expected: expected, shape: shape, render: render, parse: parse)
            ?? {
                findings.record(path.key(key), render(standard), .standard)
                return standard
            }()
    }

    /// Reads a scalar that may be absent.
    func optional<Value>(
        _ key: String, expected: String, shape: KeyShape = .text, render: (Value) -> String, parse: (String) -> Value?
    ) -> Value? {
        findings.keys.describe(path.key(key), shape, expected)
        guard let node = value(key) else { return nil }
        guard case .scalar(let text) = node.content, let value = parse(text) else {
            fault(key, "expected \(expected), found \(node.account)")
            return nil
        }
        findings.record(path.key(key), render(value), node.origin)
        return value
    }

    func text(_ key: String, default standard: String, expected: String) -> String {
        scalar(key, default: standard, expected: expected, render: EffectiveSettings.quoted) { $0.isEmpty ? nil : $0 }
    }

    func text(
        _ key: String, expected: String = "text", shape: KeyShape = .text,
        where isFit: (String) -> Bool = { !$0.isEmpty }
    ) -> String? {
        optional(key, expected: expected, shape: shape, render: EffectiveSettings.quoted) { isFit($0) ? $0 : nil }
    }

    func integer(
        _ key: String, default standard: Int, in range: ClosedRange<Int>, defaultText: String? = nil
    ) -> Int {
        let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        return scalar(
            key, default: standard, expected: expected, shape: .integer(range), defaultText: defaultText,
            render: { "\($0)" }
        ) { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    func flag(_ key: String, default standard: Bool) -> Bool {
        scalar(
            key, default: standard, expected: "true or false", shape: .flag, render: { "\($0)" },
            parse: ConfigValue.flag)
    }

    func duration(_ key: String, default standard: Duration, in range: ClosedRange<Duration>) -> Duration {
        let bounds = "\(ConfigValue.text(range.lowerBound)) to \(ConfigValue.text(range.upperBound))"
        let expected = "a duration such as 5s or 250ms, from \(bounds)"
        return scalar(
            key, default: standard, expected: expected, shape: .duration, render: ConfigValue.text
        ) { text in
            ConfigValue.duration(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    func byteCount(_ key: String, default standard: Int, in range: ClosedRange<Int>) -> Int {
        let expected = "a size such as 64KiB or 10GiB, from \(range.lowerBound) to \(range.upperBound) bytes"
        return scalar(
            key, default: standard, expected: expected, shape: .byteCount, render: { "\($0)" }
        ) { text in
            ConfigValue.byteCount(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// One of a closed list of words.
    func choice<Value: RawRepresentable & CaseIterable>(
        _ key: String, default standard: Value, defaultText: String? = nil
    ) -> Value where Value.RawValue == String {
        let words = Value.allCases.map(\.rawValue)
        let expected = words.count == 1 ? words[0] : "one of " + words.joined(separator: ", ")
        return scalar(
            key, default: standard, expected: expected, shape: .words(words), defaultText: defaultText,
            render: \.rawValue
        ) { Value(rawValue: $0) }
    }

    /// A list of words; a single word stands for a list of one.
    /// - Parameter parse: nil for a word that does not fit.
    func list<Value>(
        _ key: String, default standard: [Value] = [], expected: String, defaultText: String? = nil,
        render: (Value) -> String, parse: (String) -> Value?
    ) -> [Value] {
        func shown(_ values: [Value]) -> String {
            "[" + values.map { EffectiveSettings.quoted(render($0)) }.joined(separator: ", ") + "]"
        }
        findings.keys.describe(path.key(key), .list(.text), expected, standard: defaultText ?? shown(standard))
        guard let node = value(key) else {
            findings.record(path.key(key), shown(standard), .standard)
            return standard
        }
        var values: [Value] = []
        for (place, item) in words(of: node, key) {
            guard case .scalar(let text) = item.content, let value = parse(text) else {
                findings.fault(place, item, "expected \(expected), found \(item.account)")
                continue
            }
            values.append(value)
        }
        findings.record(path.key(key), shown(values), node.origin)
        return values
    }

    private func words(of node: ConfigNode, _ key: String) -> [(ConfigPath, ConfigNode)] {
        if case .scalar = node.content { return [(path.key(key), node)] }
        guard let items = node.items else {
            fault(key, "expected a list, found \(node.account)")
            return []
        }
        return items.enumerated().map { (path.key(key).position($0.offset), $0.element) }
    }
}
