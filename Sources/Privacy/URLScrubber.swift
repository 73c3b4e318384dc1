/// Takes personal parts out of URLs (`mapping.md` 9.12); everything else stays byte for byte.
///
/// Out go: query parameters with a scrubbed key, or with an `@` anywhere in them; path segments and a fragment with an
/// `@`, which become `-`; and what stands before an `@` in the authority (a user and password). `@` counts plain and
/// percent-encoded, however often.
struct URLScrubber: Sendable {
    /// In lower case; a name of more than 64 bytes matches none.
    private let keys: WordSet

    init(keys: [String]) {
        self.keys = WordSet(keys.map { $0.lowercased() })
    }

    /// Writes the scrubbed URL behind what `output` holds.
    /// - Returns: false when nothing had to go; `output` is then untouched.
    func scrub(_ url: Span<UInt8>, into output: inout [UInt8]) -> Bool {
        let parts = URLParts(url)
        guard mayHoldPersonalText(url, parts) else { return false }
        let start = output.count
        var isChanged = scrubAuthority(url, parts, &output)
        isChanged = scrubPath(url, parts.path, &output) || isChanged
        if let query = parts.query { isChanged = scrubQuery(url, query, &output) || isChanged }
        if let fragment = parts.fragment {
            output.append(UInt8(ascii: "#"))
            isChanged = appendUnlessPersonal(url, fragment, &output) || isChanged
        }
        if !isChanged { output.removeSubrange(start...) }
        return isChanged
    }

    /// The cheap look that most URLs end at.
    private func mayHoldPersonalText(_ url: Span<UInt8>, _ parts: URLParts) -> Bool {
        if parts.mayHoldAtSign, url.holdsAtSign(in: 0..<url.count) { return true }
        guard let query = parts.query else { return false }
        var isFound = false
        url.forEachPart(of: query, separator: UInt8(ascii: "&")) { isFound = isFound || hasScrubbedKey(url, $0) }
        return isFound
    }

    private func scrubAuthority(_ url: Span<UInt8>, _ parts: URLParts, _ output: inout [UInt8]) -> Bool {
        output.append(url, 0..<parts.authority.lowerBound)
        let at = parts.authority.last { url[$0] == UInt8(ascii: "@") }
        let host = (at.map { $0 + 1 } ?? parts.authority.lowerBound)..<parts.authority.upperBound
        return appendUnlessPersonal(url, host, &output) || at != nil
    }

    private func scrubPath(_ url: Span<UInt8>, _ path: Range<Int>, _ output: inout [UInt8]) -> Bool {
        var isChanged = false
        url.forEachPart(of: path, separator: UInt8(ascii: "/")) { segment in
            if segment.lowerBound > path.lowerBound { output.append(UInt8(ascii: "/")) }
            isChanged = appendUnlessPersonal(url, segment, &output) || isChanged
        }
        return isChanged
    }

    /// Appends the parameters that stay. Where none is left, the `?` goes too.
    private func scrubQuery(_ url: Span<UInt8>, _ query: Range<Int>, _ output: inout [UInt8]) -> Bool {
        let start = output.count
        var isChanged = false
        var isFirst = true
        output.append(UInt8(ascii: "?"))
        url.forEachPart(of: query, separator: UInt8(ascii: "&")) { parameter in
            if url.holdsAtSign(in: parameter) || hasScrubbedKey(url, parameter) {
                isChanged = true
            } else {
                if !isFirst { output.append(UInt8(ascii: "&")) }
                isFirst = false
                output.append(url, parameter)
            }
        }
        if isChanged, output.count == start + 1 { output.removeLast() }
        return isChanged
    }

    /// Appends the part, or `-` for one that holds an `@`.
    private func appendUnlessPersonal(_ url: Span<UInt8>, _ part: Range<Int>, _ output: inout [UInt8]) -> Bool {
        let isPersonal = url.holdsAtSign(in: part)
        if isPersonal { output.append(UInt8(ascii: "-")) } else { output.append(url, part) }
        return isPersonal
    }

    /// Compares the parameter's name, percent-decoded once and in lower case.
    private func hasScrubbedKey(_ url: Span<UInt8>, _ parameter: Range<Int>) -> Bool {
        var key: [64 of UInt8] = .init(repeating: 0)
        var length = 0
        var position = parameter.lowerBound
        while position < parameter.upperBound, url[position] != UInt8(ascii: "=") {
            guard length < key.count else { return false }
            let escaped = url.escapedByte(at: position, before: parameter.upperBound)
            key[length] = ASCII.lower(escaped ?? url[position])
            length += 1
            position += escaped == nil ? 1 : 3
        }
        return keys.contains(key.span.extracting(0..<length))
    }
}
