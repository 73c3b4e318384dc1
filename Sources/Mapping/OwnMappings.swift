import MappingLanguage
import RelayModel

/// The mappings of one's own that are in force for one table, found by what their triggers ask of an event's type and
/// name: what cannot match is not looked at. What is found is still asked, so a hash that two names share does no harm.
struct OwnMappings: Sendable {
    struct Own: Sendable {
        let rule: MappingRule
        let trigger: Trigger
    }

    /// In their order in the configuration.
    let all: [Own]
    /// By ``SourceKind``: the positions in ``all`` that may match.
    private let byKind: [Candidates]

    private struct Candidates: Sendable {
        /// By the hash of an event's name: those that ask for it, and those that ask for none.
        var byName: [UInt64: [Int]] = [:]
        /// Those that do not ask for a name.
        var others: [Int] = []
    }

    init(_ rules: [MappingRule]) {
        all = rules.compactMap { rule in
            if case .own(let trigger) = rule.kind, rule.isEnabled { Own(rule: rule, trigger: trigger) } else { nil }
        }
        let own = all
        byKind = SourceKind.allCases.map { Self.candidates(own, for: $0) }
    }

    var isEmpty: Bool { all.isEmpty }

    private static func candidates(_ all: [Own], for kind: SourceKind) -> Candidates {
        var candidates = Candidates()
        guard kind != .pinterestEvent else { return candidates }
        var named: [(position: Int, names: [UInt64]?)] = []
        for (position, own) in all.enumerated() {
            if let word = kind.typeWord, let types = own.trigger.eventNames(atPath: "type"), !types.contains(word) {
                continue
            }
            let names = own.trigger.eventNames(atPath: kind.isSegment ? "event" : "event_name")
            named.append((position, names?.map { hash(Array($0.utf8).span) }))
        }
        candidates.others = named.filter { $0.names == nil }.map(\.position)
        for name in Set(named.flatMap { $0.names ?? [] }) {
            candidates.byName[name] = named.filter { $0.names?.contains(name) ?? true }.map(\.position)
        }
        return candidates
    }

    /// The positions of the mappings that may take an event, in order.
    func candidates(for event: SourceEvent, on tape: borrowing EventTape) -> [Int] {
        let candidates = byKind[Int(event.kind.rawValue)]
        guard !candidates.byName.isEmpty else { return candidates.others }
        // The name of a page or screen is another member than the one that triggers ask for.
        var name = event.name
        if event.kind.isSegment, event.kind != .segmentTrack {
            name = tape.member(event.root, "event").map { tape.string($0) } ?? .none
        }
        return candidates.byName[Self.hash(tape.text.span.extracting(name.range))] ?? candidates.others
    }

    /// FNV-1a.
    private static func hash(_ bytes: Span<UInt8>) -> UInt64 {
        var state: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in bytes.indices { state = (state ^ UInt64(bytes[index])) &* 0x100_0000_01B3 }
        return state
    }
}
