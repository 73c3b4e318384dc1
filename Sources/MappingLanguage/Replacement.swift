/// What `@replace` does to a text: up to two plain searches, in UTF-16 units as in JavaScript.
struct Replacement: Sendable {
    /// Of patterns and replacements, in UTF-16 units.
    static let maximumLength = 10

    struct Pair: Sendable {
        /// Folded where case does not matter.
        let pattern: [UInt16]
        let parts: [Part]
    }

    /// A piece of a replacement: JavaScript's `$` codes are live.
    enum Part: Sendable {
        case literal([UInt16])
        /// `$&`, `` $` `` and `$'`.
        case match, before, after
    }

    private let pairs: [Pair]
    private let ignoresCase: Bool
    private let isGlobal: Bool
    /// Where it stands, for faults.
    let place: String
    /// What is wrong with the pairs; it shows only where there is a text.
    let fault: String?

    /// - Parameter pairs: patterns, which are not empty, with their replacements. None makes every text empty.
    init(_ pairs: [(pattern: String, replacement: String)], ignoresCase: Bool, isGlobal: Bool, place: String) {
        self.place = place
        let limit = Self.maximumLength
        let isTooLong = pairs.contains { $0.pattern.utf16.count > limit || $0.replacement.utf16.count > limit }
        fault = isTooLong ? "patterns and replacements have at most \(limit) characters" : nil
        self.pairs = pairs.map { pair in
            let units = Array(pair.pattern.utf16)
            return Pair(
                pattern: ignoresCase ? units.map(JavaScriptText.folded) : units,
                parts: Self.parts(Array(pair.replacement.utf16)))
        }
        self.ignoresCase = ignoresCase
        self.isGlobal = isGlobal
    }

    /// What arguments of a wrong kind come to.
    static func nothing(at place: String) -> Self { Self([], ignoresCase: false, isGlobal: true, place: place) }

    /// - Returns: nil when the result is longer than `limit` units.
    func apply(to text: String, limit: Int) -> String? {
        guard !pairs.isEmpty else { return "" }
        var units = Array(text.utf16)
        for pair in pairs {
            guard let replaced = replace(pair, in: units, limit: limit) else { return nil }
            units = replaced
        }
        return String(decoding: units, as: UTF16.self)
    }

    private func replace(_ pair: Pair, in units: [UInt16], limit: Int) -> [UInt16]? {
        let compared = ignoresCase ? units.map(JavaScriptText.folded) : units
        let length = pair.pattern.count
        var result: [UInt16] = []
        var index = 0
        while index + length <= units.count {
            guard compared[index] == pair.pattern[0], compared[index..<index + length].elementsEqual(pair.pattern)
            else {
                result.append(units[index])
                index += 1
                continue
            }
            for part in pair.parts {
                switch part {
                case .literal(let literal): result += literal
                case .match: result += units[index..<index + length]
                case .before: result += units[..<index]
                case .after: result += units[(index + length)...]
                }
                guard result.count <= limit else { return nil }
            }
            index += length
            if !isGlobal { break }
        }
        result += units[index...]
        return result.count <= limit ? result : nil
    }

    private static func parts(_ units: [UInt16]) -> [Part] {
        var parts: [Part] = []
        var literal: [UInt16] = []
        var index = 0
        while index < units.count {
            let code = units[index] == mark && index + 1 < units.count ? part(units[index + 1]) : nil
            if let code {
                if !literal.isEmpty { parts.append(.literal(literal)) }
                literal = []
                parts.append(code)
            } else {
                literal.append(units[index])
            }
            index += code == nil ? 1 : 2
        }
        return literal.isEmpty ? parts : parts + [.literal(literal)]
    }

    private static let mark = UInt16(UInt8(ascii: "$"))

    private static func part(_ code: UInt16) -> Part? {
        switch UInt8(exactly: code) {
        case UInt8(ascii: "$"): .literal([mark])
        case UInt8(ascii: "&"): .match
        case UInt8(ascii: "`"): .before
        case UInt8(ascii: "'"): .after
        default: nil
        }
    }
}
