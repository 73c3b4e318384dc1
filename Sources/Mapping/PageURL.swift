import RelayModel

// The parts of a page's URL, as texts of the same tape. URLs come as browsers print them; what is none has no parts.
extension EventTape {
    /// What stands between the first `?` and the fragment; absent without a query.
    func queryPart(of url: TextRef) -> TextRef {
        let bytes = text.span.extracting(url.range)
        guard let mark = bytes.firstIndex(of: UInt8(ascii: "?"), from: 0) else { return .none }
        let fragment = bytes.firstIndex(of: UInt8(ascii: "#"), from: 0) ?? bytes.count
        return mark < fragment ? url.part(mark + 1..<fragment) : .none
    }

    /// The host, without user and port; absent when the text is no absolute URL.
    func hostPart(of url: TextRef) -> TextRef {
        let bytes = text.span.extracting(url.range)
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":"), from: 0), colon + 2 < bytes.count,
            bytes[colon + 1] == UInt8(ascii: "/"), bytes[colon + 2] == UInt8(ascii: "/")
        else { return .none }
        var start = colon + 3
        var end = start
        while end < bytes.count, !isAuthorityEnd(bytes[end]) { end += 1 }
        if let user = bytes.lastIndex(of: UInt8(ascii: "@"), in: start..<end) { start = user + 1 }
        let isLiteral = start < end && bytes[start] == UInt8(ascii: "[")
        if !isLiteral, let port = bytes.lastIndex(of: UInt8(ascii: ":"), in: start..<end) { end = port }
        return start < end ? url.part(start..<end) : .none
    }

    /// True when two texts are equal but for the case of ASCII letters.
    func equalIgnoringCase(_ a: TextRef, _ b: TextRef) -> Bool {
        guard a.count == b.count else { return false }
        return zip(a.range, b.range).allSatisfy { lowercaseASCII(text[$0]) == lowercaseASCII(text[$1]) }
    }

    private func isAuthorityEnd(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
            || byte == UInt8(ascii: "\\")
    }
}

extension Span<UInt8> {
    func firstIndex(of byte: UInt8, from start: Int) -> Int? {
        var index = start
        while index < count {
            if self[index] == byte { return index }
            index += 1
        }
        return nil
    }

    func lastIndex(of byte: UInt8, in range: Range<Int>) -> Int? {
        var index = range.upperBound
        while index > range.lowerBound {
            index -= 1
            if self[index] == byte { return index }
        }
        return nil
    }
}
