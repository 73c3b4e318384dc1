extension TriggerGlob {
    /// Reads a pattern. The fault's text says what is wrong with it, for a caller that knows the place.
    init(parsing pattern: [UInt8]) throws(TriggerGlobFault) {
        var parser = TriggerGlobParser(pattern)
        runs = try parser.runs()
    }
}

/// What is wrong with a pattern.
struct TriggerGlobFault: Error {
    let message: String
}

private struct TriggerGlobParser {
    private var rest: Substring.UnicodeScalarView

    init(_ pattern: [UInt8]) { rest = Substring(String(decoding: pattern, as: UTF8.self)).unicodeScalars }

    mutating func runs() throws(TriggerGlobFault) -> [TriggerGlob.Run] {
        var runs: [TriggerGlob.Run] = []
        var elements: [TriggerGlob.Element] = []
        while let scalar = rest.popFirst() {
            switch scalar {
            case "*":
                // Stars that follow each other are one: the run between them would be empty.
                if runs.isEmpty || !elements.isEmpty { runs.append(try run(elements)) }
                elements = []
            case "?": elements.append(.any)
            case "[": elements.append(try set())
            case "\\": elements.append(.scalar(try escaped().value))
            default: elements.append(.scalar(scalar.value))
            }
        }
        runs.append(try run(elements))
        return runs
    }

    private func run(_ elements: [TriggerGlob.Element]) throws(TriggerGlobFault) -> TriggerGlob.Run {
        var text = String.UnicodeScalarView()
        for element in elements {
            guard case .scalar(let value) = element, let scalar = Unicode.Scalar(value) else {
                return try mixed(elements)
            }
            text.append(scalar)
        }
        return .literal(TriggerNeedle(Array(String(text).utf8)))
    }

    private func mixed(_ elements: [TriggerGlob.Element]) throws(TriggerGlobFault) -> TriggerGlob.Run {
        guard elements.count <= TriggerGlob.maximumMixedCount else {
            let limit = TriggerGlob.maximumMixedCount
            throw TriggerGlobFault(message: "more than \(limit) characters between two stars, with ? or [] among them")
        }
        return .mixed(elements)
    }

    private mutating func escaped() throws(TriggerGlobFault) -> Unicode.Scalar {
        guard let scalar = rest.popFirst() else {
            throw TriggerGlobFault(message: "nothing behind the last backslash")
        }
        return scalar
    }

    /// Reads a set behind its `[`.
    private mutating func set() throws(TriggerGlobFault) -> TriggerGlob.Element {
        var ranges: [ClosedRange<UInt32>] = []
        let isNegated = rest.first == "^"
        if isNegated { rest.removeFirst() }
        while true {
            guard let next = rest.popFirst() else { throw TriggerGlobFault(message: "a `[` without its `]`") }
            if next == "]" { break }
            let low = next == "\\" ? try escaped() : next
            var high = low
            if rest.first == "-", rest.dropFirst().first != "]" {
                rest.removeFirst()
                guard let last = rest.popFirst() else { throw TriggerGlobFault(message: "a `[` without its `]`") }
                high = last == "\\" ? try escaped() : last
            }
            guard low <= high else { throw TriggerGlobFault(message: "the range `\(low)-\(high)` runs backwards") }
            guard ranges.count < TriggerGlob.maximumMixedCount else {
                throw TriggerGlobFault(message: "more than \(TriggerGlob.maximumMixedCount) entries in one `[]`")
            }
            ranges.append(low.value...high.value)
        }
        guard !ranges.isEmpty else { throw TriggerGlobFault(message: "nothing between `[` and `]`") }
        return .set(ranges, isNegated: isNegated)
    }
}
