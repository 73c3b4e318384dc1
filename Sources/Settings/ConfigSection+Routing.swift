import Mapping
import RelayModel

// The keys of destinations and sources that have a form of their own.
extension ConfigSection {
    /// Stands for "no destination" in metrics.
    private static let reservedName = "none"

    /// A name that is a metric label.
    func name() -> String {
        let expected = "a name of letters, digits, '-', '_', '.', at most 64, other than \"\(Self.reservedName)\""
        let name = text("name", expected: expected) { text in
            (1...64).contains(text.utf8.count) && text != Self.reservedName
                && text.utf8.allSatisfy { Self.isWordByte($0) || $0 == UInt8(ascii: ".") }
        }
        findings.keys.require(path.key("name"))
        if name == nil, node?["name"] == nil { fault("name", "is missing") }
        return name ?? ""
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    func kind() -> SourceSettings.Kind? {
        let kinds = SourceSettings.Kind.allCases.map(\.rawValue)
        let words = kinds.joined(separator: ", ")
        let kind = optional("kind", expected: "one of \(words)", shape: .words(kinds), render: \.rawValue) {
            SourceSettings.Kind(rawValue: $0)
        }
        findings.keys.require(path.key("kind"))
        if kind == nil, node?["kind"] == nil { fault("kind", "is missing: one of \(words)") }
        return kind
    }

    /// Measurement ids of web streams, and Firebase ids of apps, which have colons.
    func measurementIDs() -> [String] {
        let expected = "a measurement id such as G-ABC123, or a Firebase app id such as 1:1234567890:ios:321abc"
        return list("measurement_ids", expected: expected, render: { $0 }) { text in
            let isFit = text.utf8.allSatisfy { Self.isWordByte($0) || $0 == UInt8(ascii: ":") }
            return (1...64).contains(text.utf8.count) && isFit ? text : nil
        }
    }

    /// A category as the consent tool names it, compared byte by byte.
    func consentCategory() -> String? {
        text("consent_category", expected: "the name of a consent category, at most 100 bytes") {
            (1...100).contains($0.utf8.count)
        }
    }

    /// Scheme, host and port as a browser sends them; `null` is what sandboxed pages send.
    func allowedOrigins() -> [String] {
        list("allowed_origins", expected: "an origin such as https://shop.example", render: { $0 }) { text in
            let origin = text.lowercased()
            if origin == "null" { return origin }
            guard let scheme = ["https://", "http://"].first(where: origin.hasPrefix) else { return nil }
            let host = origin.utf8.dropFirst(scheme.utf8.count)
            let isFit = !host.isEmpty && host.allSatisfy { Self.isWordByte($0) || ".:[]".utf8.contains($0) }
            return isFit ? origin : nil
        }
    }

    func region() -> String? {
        optional("default_region", expected: "a country's two letters", render: EffectiveSettings.quoted) { text in
            text.utf8.count == 2 && text.utf8.allSatisfy { (0x41...0x5a).contains($0 & 0xdf) }
                ? text.uppercased() : nil
        }
    }

    /// Names of destinations, as indices; all of them when the key is absent.
    func destinations(_ known: [String]) -> [Int] {
        let choices = known.filter { !$0.isEmpty }.joined(separator: ", ")
        let named: [Int] = list(
            "destinations", default: Array(known.indices), expected: "the name of a destination (\(choices))",
            defaultText: "all", render: { known[$0] }, parse: { known.firstIndex(of: $0) })
        if let list = node?["destinations"]?.items, list.isEmpty { fault("destinations", "the list is empty") }
        return Set(named).sorted()
    }

    func actionSource() -> ActionSource? {
        let words = ActionSource.allCases.map(\.apiName.description)
        return optional(
            "action_source", expected: "one of " + words.joined(separator: ", "), shape: .words(words),
            render: \.apiName.description
        ) { text in
            ActionSource.allCases.first { $0.apiName.description == text }
        }
    }

    func unmapped() -> SourceSettings.Unmapped {
        let expected = "drop, custom, or an event name of letters, digits, '_', '-', at most 100"
        return scalar("unmapped", default: .drop, expected: expected, render: \.text) { text in
            if text == "drop" { return .drop }
            if let event = StandardEvent.allCases.first(where: { $0.apiName.description == text }) {
                return .standard(event)
            }
            return (1...100).contains(text.utf8.count) && text.utf8.allSatisfy(Self.isWordByte)
                ? .advertiserDefined(text) : nil
        }
    }

    /// Nil for `drop`, and when the key is absent.
    func screenAs() -> StandardEvent? {
        let words = StandardEvent.allCases.map(\.apiName.description)
        let expected = "drop, or one of " + words.joined(separator: ", ")
        let screen: StandardEvent?? = scalar(
            "screen_as", default: nil, expected: expected, shape: .words(["drop"] + words),
            render: { $0?.apiName.description ?? "drop" }
        ) { text -> StandardEvent?? in
            if text == "drop" { return .some(nil) }
            return StandardEvent.allCases.first { $0.apiName.description == text }.map { .some($0) }
        }
        return screen ?? nil
    }

    func contentIDOrder() -> [String] {
        let order = list(
            "content_id_order", expected: "the name of a product's member, as sku", render: { $0 },
            parse: { text in
                (1...64).contains(text.utf8.count) && !text.contains(".") && !text.contains("[") ? text : nil
            })
        let limit = MappingSettings.maximumContentIDKeys
        if order.count > limit { fault("content_id_order", "at most \(limit) names") }
        return order
    }

    func partnerName() -> String {
        text("partner_name", expected: "a name of at most 100 characters") { (1...100).contains($0.count) } ?? ""
    }

    /// Refuses what may stand only once in a list of sections; the value itself is shown only if it is plain text.
    func refuseRepeats<Value: Hashable>(_ key: String, _ values: [Value], what: String) {
        var seen: Set<Value> = []
        for value in values where !seen.insert(value).inserted {
            let text = value as? String ?? ""
            if value is String, text.isEmpty { continue }
            fault(key, text.isEmpty ? "\(what) stands there twice" : "\(what) \(text) stands there twice")
        }
    }
}

extension SourceSettings.Unmapped {
    fileprivate var text: String {
        switch self {
        case .drop: "drop"
        case .standard(let event): event.apiName.description
        case .advertiserDefined(let name): name
        }
    }
}
