import RelayModel

/// A value while a mapping runs: what stands on the tape already stays there, what is new is held beside it until the
/// whole result is written, since values on a tape may not be built side by side.
enum Resolved: Sendable {
    /// JavaScript's `undefined`.
    case absent
    case null
    case bool(Bool)
    case number(Double)
    case text(ScratchText)
    case node(TapeNode)
    case list([Resolved])
    case object(ScratchObject)
}

/// A text that is a constant of the mapping, or one of the tape.
enum ScratchText: Sendable {
    case constant([UInt8])
    case tape(TextRef)

    init(_ text: String) { self = .constant(Array(text.utf8)) }

    static let empty = ScratchText.constant([])

    var byteCount: Int {
        switch self {
        case .constant(let bytes): bytes.count
        case .tape(let ref): Int(ref.count)
        }
    }
}

/// An object under construction, with JavaScript's order: a key that is set again keeps its place.
struct ScratchObject: Sendable {
    struct Member: Sendable {
        let key: ScratchText
        var value: Resolved
    }

    private(set) var members: [Member] = []
    /// The places of the keys, once there are too many to look through.
    private var places: [[UInt8]: Int] = [:]
    private static let fewMembers = 16

    init() {}

    /// Takes members whose keys differ.
    init(distinct members: [Member]) { self.members = members }

    mutating func set(_ key: ScratchText, _ value: Resolved, _ tape: borrowing EventTape) {
        if members.count < Self.fewMembers {
            if let place = members.firstIndex(where: { tape.isEqual($0.key, key) }) {
                members[place].value = value
                return
            }
        } else {
            if places.count < members.count { rememberPlaces(tape) }
            let bytes = tape.bytes(key)
            if let place = places[bytes] {
                members[place].value = value
                return
            }
            places[bytes] = members.count
        }
        members.append(Member(key: key, value: value))
    }

    private mutating func rememberPlaces(_ tape: borrowing EventTape) {
        for (place, member) in members.enumerated() { places[tape.bytes(member.key)] = place }
    }

    /// The value of a key; absent where there is none.
    func value(of key: [UInt8], _ tape: borrowing EventTape) -> Resolved {
        members.first { tape.isEqual($0.key, .constant(key)) }?.value ?? .absent
    }

    /// The members in the order in which JavaScript lists them: list positions first.
    func ordered(_ tape: borrowing EventTape) -> [Member] {
        var positions: [(index: Int, member: Member)] = []
        var others: [Member] = []
        for member in members {
            if let index = tape.index(member.key) {
                positions.append((index, member))
            } else {
                others.append(member)
            }
        }
        guard !positions.isEmpty else { return members }
        return positions.sorted { $0.index < $1.index }.map(\.member) + others
    }
}

extension EventTape {
    func isEqual(_ one: ScratchText, _ other: ScratchText) -> Bool {
        guard one.byteCount == other.byteCount else { return false }
        return withSpan(of: one) { one in withSpan(of: other) { one.isEqual(to: $0) } }
    }

    /// Lends a text's bytes.
    func withSpan<Result>(of text: ScratchText, _ body: (Span<UInt8>) -> Result) -> Result {
        switch text {
        case .constant(let bytes): body(bytes.span)
        case .tape(let ref): body(self.text.span.extracting(ref.range))
        }
    }

    func bytes(_ text: ScratchText) -> [UInt8] {
        switch text {
        case .constant(let bytes): bytes
        case .tape(let ref): Array(self[ref])
        }
    }

    func string(_ text: ScratchText) -> String { String(decoding: bytes(text), as: UTF8.self) }

    /// The list position that a key names.
    func index(_ key: ScratchText) -> Int? { withSpan(of: key) { canonicalIndex($0) } }

    /// Appends a text to the one that ends the tape.
    mutating func appendBytes(of text: ScratchText) {
        switch text {
        case .constant(let bytes): append(bytes.span)
        case .tape(let ref): _ = append { $0.append(copyingOwn: ref.range) }
        }
    }
}

extension Span<UInt8> {
    fileprivate func isEqual(to other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for index in indices where self[index] != other[index] { return false }
        return true
    }
}
