import RelayModel

/// A pattern of `match`: `*` any run of characters, `?` one character, `[a-z]` and `[^a]` one of a set, `\x` the
/// character x. It describes a whole text, by Unicode scalars, in time linear in the text: runs between stars are found
/// from left to right, and none is ever looked for again further left.
struct TriggerGlob: Sendable {
    /// What stands between two stars.
    enum Run: Sendable {
        case literal(TriggerNeedle)
        case mixed([Element])
    }

    enum Element: Sendable {
        case any
        case scalar(UInt32)
        case set([ClosedRange<UInt32>], isNegated: Bool)

        func holds(_ scalar: UInt32) -> Bool {
            switch self {
            case .any: true
            case .scalar(let wanted): wanted == scalar
            case .set(let ranges, let isNegated): ranges.contains { $0.contains(scalar) } != isNegated
            }
        }
    }

    /// A run with `?` or sets may have so many characters: what a search for it does per character of the text.
    static let maximumMixedCount = 64

    /// The runs in order. The first one stands at the start of the text and the last one at its end; either may be
    /// empty. A single run is the whole text.
    let runs: [Run]

    func matches(_ text: Span<UInt8>) -> Bool {
        guard runs.count > 1 else { return runs[0].end(in: text, at: 0) == text.count }
        guard var place = runs[0].end(in: text, at: 0) else { return false }
        for run in runs[1..<runs.count - 1] {
            guard let end = run.firstEnd(in: text, from: place) else { return false }
            place = end
        }
        return runs[runs.count - 1].endsText(text, from: place)
    }
}

extension TriggerGlob.Run {
    /// Where the run ends when it stands at `place`.
    fileprivate func end(in text: Span<UInt8>, at place: Int) -> Int? {
        switch self {
        case .literal(let needle): return needle.stands(in: text, at: place) ? place + needle.bytes.count : nil
        case .mixed(let elements):
            var place = place
            for element in elements {
                guard let next = text.triggerScalar(at: place), element.holds(next.scalar) else { return nil }
                place = next.end
            }
            return place
        }
    }

    /// Where the first occurrence at or behind `start` ends.
    fileprivate func firstEnd(in text: Span<UInt8>, from start: Int) -> Int? {
        if case .literal(let needle) = self { return needle.end(in: text, from: start) }
        var place = start
        while true {
            if let end = end(in: text, at: place) { return end }
            guard let next = text.triggerScalar(at: place) else { return nil }
            place = next.end
        }
    }

    /// True when the run stands at the end of the text, at or behind `start`.
    fileprivate func endsText(_ text: Span<UInt8>, from start: Int) -> Bool {
        switch self {
        case .literal(let needle):
            let place = text.count - needle.bytes.count
            return place >= start && needle.stands(in: text, at: place)
        case .mixed(let elements):
            var surplus = text.triggerScalarCount(from: start) - elements.count
            guard surplus >= 0 else { return false }
            var place = start
            while surplus > 0, let next = text.triggerScalar(at: place) {
                place = next.end
                surplus -= 1
            }
            return end(in: text, at: place) == text.count
        }
    }
}

extension Span<UInt8> {
    /// The scalar at a place and where it ends; nil at the end. A byte that is no UTF-8 counts as U+FFFD.
    func triggerScalar(at place: Int) -> (scalar: UInt32, end: Int)? {
        guard place < count else { return nil }
        let lead = UInt32(self[place])
        let length = utf8SequenceLength(at: place)
        guard length > 0 else { return (0xFFFD, place + 1) }
        guard length > 1 else { return (lead, place + 1) }
        var scalar = lead & (0x7F >> UInt32(length))
        for offset in 1..<length { scalar = scalar << 6 | UInt32(self[place + offset] & 0x3F) }
        return (scalar, place + length)
    }

    fileprivate func triggerScalarCount(from start: Int) -> Int {
        var total = 0
        var place = start
        while let next = triggerScalar(at: place) {
            place = next.end
            total += 1
        }
        return total
    }
}
