/// Turns JSON bytes into values on a tape. The wrapper around the JSON library conforms; the domain sees only this.
public protocol JSONParsing {
    /// Parses one document onto an empty tape.
    /// - Returns: its outermost value.
    /// - Throws: a ``JSONFault``; the tape is then empty.
    mutating func parse(_ bytes: Span<UInt8>, onto tape: inout EventTape) throws(JSONFault) -> TapeNode
}

/// Why a body is no JSON document that the relay takes.
public enum JSONFault: String, Error, CaseIterable, Sendable {
    /// Not JSON, or not UTF-8.
    case malformed
    /// Nested beyond the limit.
    case tooDeep = "too_deep"
    /// No bytes, or white space only.
    case empty
    /// Beyond the parser's capacity, or no memory for it.
    case tooLarge = "too_large"
}
