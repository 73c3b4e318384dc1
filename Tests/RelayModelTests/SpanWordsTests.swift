import RelayModel
import Testing

@Suite("Bytes compared by words")
struct SpanWordsTests {
    /// Lengths around the four, eight and sixteen bytes at which the loads change.
    private static let lengths = Array(0...40)

    @Test("the same bytes are equal, and one other byte anywhere is seen", arguments: lengths)
    func equality(length: Int) {
        let text = (0..<length).map { UInt8(truncatingIfNeeded: 97 + $0) }
        let copy = text
        #expect(areEqual(text, copy))
        #expect(!areEqual(text, text + [0]))
        for index in text.indices {
            var other = text
            other[index] ^= 0x20
            #expect(!areEqual(text, other))
        }
    }

    @Test("two names of one length of at most sixteen bytes never share their words", arguments: 1...16)
    func words(length: Int) {
        let text = [UInt8](repeating: UInt8(ascii: "a"), count: length)
        for index in text.indices {
            var other = text
            other[index] = UInt8(ascii: "b")
            let (words, others) = (NameWords(text.span), NameWords(other.span))
            #expect(words != others)
        }
    }

    private func areEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool { a.span.isEqual(to: b.span) }
}
