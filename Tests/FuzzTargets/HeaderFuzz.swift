import HTTPIngress
import Intake
import RelayModel
import Settings
import WireCodec

/// Header lines, as they come behind the HTTP parser: `name: value`, a line each.
final class HeaderFuzz: FuzzRoom {
    private var tape = EventTape()

    func run(_ input: Span<UInt8>) throws(FuzzFinding) {
        let bytes = input.copied(input.indices)
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Line.init)
        try checkFraming(lines)
        try checkStream(bytes)
        try checkBase64(bytes)
        for line in lines {
            try checkCookie(line.value)
            try checkCredentials(line.value)
            // Addresses of proxies and clients; the text may be anything.
            _ = NetworkAddress(line.value)
            _ = CIDRBlock(String(decoding: line.value, as: UTF8.self))
        }
    }

    private struct Line {
        let name: [UInt8]
        let value: [UInt8]

        init(_ line: ArraySlice<UInt8>) {
            let parts = line.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
            name = Array(parts[0])
            value = parts.count > 1 ? Array(parts[1].drop { $0 == UInt8(ascii: " ") }) : []
        }

        func isNamed(_ text: String) -> Bool { String(decoding: name, as: UTF8.self).lowercased() == text }
    }

    /// What two parsers may read differently is refused, whatever stands around it.
    private func checkFraming(_ lines: [Line]) throws(FuzzFinding) {
        var requestGuard = RequestGuard()
        for line in lines { requestGuard.see(name: line.name.span, value: line.value.span) }
        let fault = requestGuard.finish(readsBody: true)
        let lengths = lines.filter { $0.isNamed("content-length") }
        let encodings = lines.filter { $0.isNamed("transfer-encoding") }
        let isOdd = lengths.contains { $0.value.isEmpty || !$0.value.allSatisfy { (0x30...0x39).contains($0) } }
        if lengths.count > 1 || encodings.count > 1 || isOdd || !(lengths.isEmpty || encodings.isEmpty) {
            try require(fault != nil, "doubtful framing passes")
        }
        let isPlain = lines.allSatisfy { !$0.name.isEmpty && $0.name.allSatisfy { (0x61...0x7A).contains($0) } }
        if isPlain, lengths.isEmpty, encodings.isEmpty, lines.count(where: { $0.isNamed("host") }) < 2 {
            try require(fault == nil, "plain headers are refused")
        }
    }

    /// A connection's bytes mean the same however they are cut.
    private func checkStream(_ bytes: [UInt8]) throws(FuzzFinding) {
        let stream = Array("POST / HTTP/1.1\r\n".utf8) + bytes
        var whole = FramingScanner(bodyByteCap: 1 << 20)
        whole.feed(stream.span)
        var pieces = FramingScanner(bodyByteCap: 1 << 20)
        for byte in stream where !pieces.skip(1) {
            let piece = [byte]
            pieces.feed(piece.span)
        }
        try require(whole.fault == pieces.fault, "a fault depends on how the bytes are cut")
        try require(whole.completedCount == pieces.completedCount, "an end depends on how the bytes are cut")
        try require(whole.isInHead == pieces.isInHead, "a head depends on how the bytes are cut")
    }

    private func checkBase64(_ bytes: [UInt8]) throws(FuzzFinding) {
        if let decoded = Base64.decode(bytes.span) {
            try require(decoded.count <= bytes.count * 3 / 4, "Base64 decodes to more than it holds")
        }
        for (alphabet, padding) in [(plainAlphabet, "="), (urlAlphabet, ""), (urlAlphabet, "=")] {
            let text = encoded(bytes, alphabet, padding)
            try require(Base64.decode(text.span) == bytes, "Base64 does not decode to what was encoded")
        }
    }

    private func checkCookie(_ value: [UInt8]) throws(FuzzFinding) {
        if let range = CookieScanner.value(of: "_epik", in: value.span) {
            try require(value.indices.contains(range) || range.isEmpty, "a cookie lies outside its header")
        }
        let header = Array("a=b; _epik=".utf8) + value
        let end = value.firstIndex(of: UInt8(ascii: ";")) ?? value.count
        let text = value[..<end].trimmed
        let range = CookieScanner.value(of: "_epik", in: header.span)
        try require(range.map { header[$0].trimmed } == text.unquoted.trimmed, "a cookie is not what was set")
    }

    private func checkCredentials(_ value: [UInt8]) throws(FuzzFinding) {
        tape.reset()
        let authorization = tape.appendRepaired(value.span)
        _ = SegmentCredentials.bearer(authorization, on: tape)
        let basic = SegmentCredentials.basicKey(authorization, on: &tape)
        let query = tape.appendRepaired(value.span)
        let key = SegmentCredentials.writeKey(authorization: authorization, query: query, on: &tape)
        for text in [basic, key] {
            let bytes = Array(tape[text])
            try require(TapeCheck.isUTF8(bytes.span), "a write key is not UTF-8")
        }
        let user = Array(value.prefix { $0 != UInt8(ascii: ":") })
        let sent = tape.append(Array("Basic ".utf8) + encoded(value, plainAlphabet, "="))
        let read = SegmentCredentials.basicKey(sent, on: &tape)
        if TapeCheck.isUTF8(user.span) { try require(Array(tape[read]) == user, "a write key is not what was sent") }
    }
}

private let plainAlphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
private let urlAlphabet = Array(plainAlphabet.dropLast(2)) + Array("-_".utf8)

/// RFC 4648, written for clarity.
private func encoded(_ bytes: [UInt8], _ alphabet: [UInt8], _ padding: String) -> [UInt8] {
    var output: [UInt8] = []
    var start = 0
    while start < bytes.count {
        let group = bytes[start...].prefix(3)
        let bits = (0..<3).reduce(0) { $0 << 8 | ($1 < group.count ? Int(group[start + $1]) : 0) }
        for place in 0...group.count { output.append(alphabet[bits >> (18 - 6 * place) & 63]) }
        for _ in group.count..<3 { output += Array(padding.utf8) }
        start += 3
    }
    return output
}

extension ArraySlice<UInt8> {
    fileprivate var trimmed: ArraySlice<UInt8> {
        let isBlank: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        let head = drop(while: isBlank)
        return head.prefix(head.count - head.reversed().prefix(while: isBlank).count)
    }

    fileprivate var unquoted: ArraySlice<UInt8> {
        let isQuoted = count >= 2 && first == UInt8(ascii: "\"") && last == UInt8(ascii: "\"")
        return isQuoted ? dropFirst().dropLast() : self
    }
}

extension Range<Int> {
    fileprivate func contains(_ other: Range<Int>) -> Bool {
        lowerBound <= other.lowerBound && other.upperBound <= upperBound
    }
}
