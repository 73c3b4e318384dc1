import RelayModel

/// Where the parts of a URL stand. Any bytes have parts: what is no URL is all path.
struct URLParts {
    /// Between `//` and the path; empty, at the path's start, for a URL without.
    let authority: Range<Int>
    let path: Range<Int>
    /// Behind the first `?`, without it.
    let query: Range<Int>?
    /// Behind the first `#`, without it.
    let fragment: Range<Int>?

    /// An `@` or a `%` stands somewhere: only such a URL can hold an at sign.
    let mayHoldAtSign: Bool

    init(_ url: Span<UInt8>) {
        var mark: Int?
        var hash: Int?
        var isSuspect = false
        for index in url.indices {
            switch url[index] {
            case UInt8(ascii: "@"), UInt8(ascii: "%"): isSuspect = true
            case UInt8(ascii: "?") where mark == nil && hash == nil: mark = index
            case UInt8(ascii: "#") where hash == nil: hash = index
            default: break
            }
        }
        mayHoldAtSign = isSuspect
        let end = mark ?? hash ?? url.count
        fragment = hash.map { $0 + 1..<url.count }
        query = mark.map { $0 + 1..<(hash ?? url.count) }
        let start = Self.authorityStart(url, before: end)
        let pathStart = start.map { url.first(UInt8(ascii: "/"), in: $0..<end) ?? end } ?? 0
        authority = (start ?? 0)..<pathStart
        path = pathStart..<end
    }

    /// Behind the first `//`, where nothing or a scheme stands before it.
    private static func authorityStart(_ url: Span<UInt8>, before end: Int) -> Int? {
        guard let slash = url.first(UInt8(ascii: "/"), in: 0..<end), slash + 1 < end,
            url[slash + 1] == UInt8(ascii: "/"), slash == 0 || isScheme(url, before: slash)
        else { return nil }
        return slash + 2
    }

    /// Letters, digits, `+`, `-`, `.` and a colon: nothing that could be an address.
    private static func isScheme(_ url: Span<UInt8>, before slash: Int) -> Bool {
        guard slash > 1, url[slash - 1] == UInt8(ascii: ":") else { return false }
        for index in 0..<slash - 1 where !ASCII.isLetterOrDigit(url[index]) {
            let byte = url[index]
            guard byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") else {
                return false
            }
        }
        return true
    }
}

extension Span<UInt8> {
    func first(_ byte: UInt8, in range: Range<Int>) -> Int? {
        for index in range where self[index] == byte { return index }
        return nil
    }

    /// The pieces between separators, empty ones too.
    @inline(__always)
    func forEachPart(of range: Range<Int>, separator: UInt8, _ body: (Range<Int>) -> Void) {
        var start = range.lowerBound
        for index in range where self[index] == separator {
            body(start..<index)
            start = index + 1
        }
        body(start..<range.upperBound)
    }

    /// The byte that `%XX` at `index` stands for; nil where there is no such escape.
    func escapedByte(at index: Int, before end: Int) -> UInt8? {
        guard self[index] == UInt8(ascii: "%"), index + 2 < end, let high = ASCII.hexValue(self[index + 1]),
            let low = ASCII.hexValue(self[index + 2])
        else { return nil }
        return high << 4 | low
    }

    /// An `@`, plain or as `%40`, or with its percent sign encoded again and again (`%2540`).
    func holdsAtSign(in range: Range<Int>) -> Bool {
        for index in range {
            if self[index] == UInt8(ascii: "@") { return true }
            if self[index] == UInt8(ascii: "%"), isEncodedAtSign(behind: index + 1, before: range.upperBound) {
                return true
            }
        }
        return false
    }

    /// `(25)*40` stands here.
    private func isEncodedAtSign(behind start: Int, before end: Int) -> Bool {
        var position = start
        while position + 1 < end {
            if self[position] == UInt8(ascii: "4"), self[position + 1] == UInt8(ascii: "0") { return true }
            guard self[position] == UInt8(ascii: "2"), self[position + 1] == UInt8(ascii: "5") else { return false }
            position += 2
        }
        return false
    }
}

extension [UInt8] {
    mutating func append(_ text: Span<UInt8>, _ range: Range<Int>) { append(copying: text.extracting(range)) }
}
