public import RelayModel

/// One parameter of a query, as it stands there: still escaped. A key without `=` has no value.
public struct QueryPair: Hashable, Sendable {
    public let key: TextRef
    public let value: TextRef
}

/// Walks the parameters of a query or form body that is a text of a tape. Empty parts (`&&`) are passed over.
///
/// A key or value is decoded with ``RelayModel/EventTape/percentDecoded(_:plusIsSpace:)``.
public struct QueryScanner: Sendable {
    private let start: UInt32
    private var rest: Range<Int>

    /// - Parameter query: what stands behind the `?`.
    public init(_ query: TextRef) {
        start = query.start
        rest = query.range
    }

    /// The next parameter; nil at the end.
    public mutating func next(on tape: borrowing EventTape) -> QueryPair? {
        let bytes = tape.text.span
        while rest.lowerBound < rest.upperBound {
            let from = rest.lowerBound
            var end = from
            var equals = -1
            while end < rest.upperBound, bytes[end] != UInt8(ascii: "&") {
                if equals < 0, bytes[end] == UInt8(ascii: "=") { equals = end }
                end += 1
            }
            rest = min(end + 1, rest.upperBound)..<rest.upperBound
            if end > from { return pair(from, equals, end) }
        }
        return nil
    }

    private func pair(_ from: Int, _ equals: Int, _ end: Int) -> QueryPair {
        guard equals >= 0 else { return QueryPair(key: text(from, end), value: .none) }
        return QueryPair(key: text(from, equals), value: text(equals + 1, end))
    }

    private func text(_ from: Int, _ end: Int) -> TextRef {
        TextRef(start: UInt32(truncatingIfNeeded: from), count: UInt32(truncatingIfNeeded: end - from))
    }
}

extension EventTape {
    /// The decoded value of the first parameter of this exact name in a query; absent without one.
    public mutating func queryValue(_ query: TextRef, _ name: StaticString) -> TextRef {
        var scanner = QueryScanner(query)
        while let pair = scanner.next(on: self) {
            if matches(percentDecoded(pair.key), name) { return percentDecoded(pair.value) }
        }
        return .none
    }
}
