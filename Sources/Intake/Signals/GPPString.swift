/// IAB's Global Privacy Platform string: a header that names sections, then the sections, joined by `~`.
///
/// Read are `uspv1` (6) and the US sections whose layout is published: the national one (7), and those of the states
/// from California (8) to Tennessee (22). A section of another kind or version, or one that is cut short, says nothing.
enum GPPString {
    /// A US section opts out of sale, sharing or targeted advertising, or carries Global Privacy Control.
    /// - Parameter sections: those in force; nil where that is unknown, and then every section counts.
    static func optsOut(_ text: Span<UInt8>, in sections: GPPSections?) -> Bool {
        var parts = GPPParts(of: 0..<text.count, separator: UInt8(ascii: "~"))
        guard let header = parts.next(in: text), var ids = GPPHeader(text.extracting(header)) else { return false }
        while let id = ids.next(in: text.extracting(header)), let part = parts.next(in: text) {
            let isInForce = sections.map { $0.contains(id) } ?? true
            if isInForce, sectionOptsOut(id, text.extracting(part)) { return true }
        }
        return false
    }

    private static func sectionOptsOut(_ id: Int, _ section: Span<UInt8>) -> Bool {
        if id == 6 { return USPrivacyString.optsOut(section) }
        guard let layout = USLayout(section: id) else { return false }
        var segments = GPPParts(of: 0..<section.count, separator: UInt8(ascii: "."))
        guard let core = segments.next(in: section) else { return false }
        if layout.optsOut(section.extracting(core)) { return true }
        while let segment = segments.next(in: section) {
            if isPrivacyControl(section.extracting(segment)) { return true }
        }
        return false
    }

    /// A segment of type 1 is Global Privacy Control: the type's two bits, then the signal's one.
    private static func isPrivacyControl(_ segment: Span<UInt8>) -> Bool {
        GPPBits.number(segment, at: 0, count: 2) == 1 && GPPBits.number(segment, at: 2, count: 1) == 1
    }
}

/// Which sections are in force: those from 1 to 63.
struct GPPSections: Hashable {
    private var bits: UInt64 = 0

    mutating func insert(_ id: Int) { if (1...63).contains(id) { bits |= 1 << UInt64(id) } }

    func contains(_ id: Int) -> Bool { (1...63).contains(id) && bits & 1 << UInt64(id) != 0 }
}

/// A US section's core: a version of six bits, then fields of two. The notices come first, then the opt-outs.
private struct USLayout {
    private let versions: ClosedRange<Int>
    private let noticeCount: Int
    private let optOutCount: Int

    /// - Returns: nil for a section that is not read.
    init?(section id: Int) {
        switch id {
        case 7: (versions, noticeCount, optOutCount) = (1...2, 6, 3)
        // Utah and Iowa give notice of sensitive data too.
        case 11, 18: (versions, noticeCount, optOutCount) = (1...1, 4, 2)
        case 8...22: (versions, noticeCount, optOutCount) = (1...1, 3, 2)
        default: return nil
        }
    }

    /// One of the opt-outs is 1: opted out. 0 means that it does not apply, 2 that the person has not opted out.
    func optsOut(_ core: Span<UInt8>) -> Bool {
        guard let version = GPPBits.number(core, at: 0, count: 6), versions.contains(version) else { return false }
        for field in noticeCount..<noticeCount + optOutCount
        where GPPBits.number(core, at: 6 + 2 * field, count: 2) == 1 {
            return true
        }
        return false
    }
}

/// The header: type 3, version 1, then the ids of the sections as a Fibonacci-coded list of numbers and ranges, each
/// told as the distance from the one before.
private struct GPPHeader {
    private var position = 12
    private var entriesLeft: Int
    private var last = 0
    /// Where the range that is being walked ends.
    private var end = 0

    init?(_ header: Span<UInt8>) {
        guard GPPBits.number(header, at: 0, count: 6) == 3, GPPBits.number(header, at: 6, count: 6) == 1,
            let count = GPPBits.number(header, at: position, count: 12)
        else { return nil }
        entriesLeft = count
        position += 12
    }

    /// The next section's id, ascending.
    mutating func next(in header: Span<UInt8>) -> Int? {
        if last < end {
            last += 1
            return last
        }
        guard entriesLeft > 0, let isRange = GPPBits.number(header, at: position, count: 1) else { return nil }
        entriesLeft -= 1
        position += 1
        guard let distance = GPPBits.fibonacci(header, at: &position) else { return nil }
        last += distance
        end = last
        if isRange == 1 {
            guard let length = GPPBits.fibonacci(header, at: &position) else { return nil }
            end += length
        }
        return last
    }
}

/// Walks the parts between separators.
private struct GPPParts {
    private var rest: Range<Int>?
    private let separator: UInt8

    init(of range: Range<Int>, separator: UInt8) {
        rest = range
        self.separator = separator
    }

    mutating func next(in text: Span<UInt8>) -> Range<Int>? {
        guard let range = rest else { return nil }
        for index in range where text[index] == separator {
            rest = index + 1..<range.upperBound
            return range.lowerBound..<index
        }
        rest = nil
        return range
    }
}

/// Numbers in a text of which each byte stands for six bits (Base64, URL-safe alphabet).
private enum GPPBits {
    /// - Returns: nil where the text ends before, or a byte is outside the alphabet.
    static func number(_ text: Span<UInt8>, at start: Int, count: Int) -> Int? {
        guard start + count <= text.count * 6 else { return nil }
        var number = 0
        for position in start..<start + count {
            guard let sextet = sextet(text[position / 6]) else { return nil }
            number = number << 1 | (sextet >> (5 - position % 6)) & 1
        }
        return number
    }

    /// A number in Fibonacci coding: a sum of 1, 2, 3, 5, 8, ..., ended by two ones.
    static func fibonacci(_ text: Span<UInt8>, at position: inout Int) -> Int? {
        var (weight, following, sum) = (1, 2, 0)
        var endsAtOne = false
        // Twenty places reach far beyond the ids that there are.
        for _ in 0..<20 {
            guard let bit = number(text, at: position, count: 1) else { return nil }
            position += 1
            if bit == 1, endsAtOne { return sum }
            if bit == 1 { sum += weight }
            endsAtOne = bit == 1
            (weight, following) = (following, weight + following)
        }
        return nil
    }

    private static func sextet(_ byte: UInt8) -> Int? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(byte - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(byte - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "-"): 62
        case UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
