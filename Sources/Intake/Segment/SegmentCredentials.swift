public import RelayModel
import WireCodec

/// Where a Segment call carries its write key (`segment-api.md` 1): Basic, then the body's `writeKey`, then the
/// query's `writeKey`, then a Bearer token. Where they differ the first one decides (`mapping.md` 9.13).
public enum SegmentCredentials {
    /// - Parameters:
    ///   - authorization: the `Authorization` header's value; absent without one.
    ///   - query: the call's query.
    ///   - tape: the tape that the call's body was decoded onto.
    /// - Returns: the key; absent when the call carries none.
    public static func writeKey(authorization: TextRef, query: TextRef, on tape: inout EventTape) -> TextRef {
        let basic = basicKey(authorization, on: &tape)
        if !basic.isEmpty { return basic }
        if let root = tape.document, let member = tape.member(root, "writeKey") {
            let key = tape.string(member)
            if !key.isEmpty { return key }
        }
        let inQuery = tape.queryValue(query, "writeKey")
        return inQuery.isEmpty ? bearer(authorization, on: tape) : inQuery
    }

    /// The user of `Basic base64(key:password)`; a missing colon is taken, as Segment does.
    public static func basicKey(_ authorization: TextRef, on tape: inout EventTape) -> TextRef {
        let encoded = value(of: "basic ", authorization, on: tape)
        guard !encoded.isEmpty, let decoded = Base64.decode(tape[encoded]) else { return .none }
        let key = decoded.prefix { $0 != UInt8(ascii: ":") }
        return tape.appendRepaired(key.span)
    }

    /// The token of `Bearer token`.
    public static func bearer(_ authorization: TextRef, on tape: borrowing EventTape) -> TextRef {
        value(of: "bearer ", authorization, on: tape)
    }

    /// What stands behind a scheme, which is compared in any case; absent for another scheme.
    private static func value(
        of scheme: StaticString, _ authorization: TextRef, on tape: borrowing EventTape
    ) -> TextRef {
        let header = tape.text.span.extracting(authorization.range)
        var start = scheme.utf8CodeUnitCount
        guard header.count > start, header.hasPrefix(anyCaseOf: scheme) else { return .none }
        while start < header.count, header[start] == UInt8(ascii: " ") { start += 1 }
        var end = header.count
        while end > start, header[end - 1] == UInt8(ascii: " ") { end -= 1 }
        return authorization.part(start..<end)
    }
}
