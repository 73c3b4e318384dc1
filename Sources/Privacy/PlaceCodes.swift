/// An ISO 3166-1 alpha-2 country code, in lower case.
public struct CountryCode: Hashable, Sendable {
    let letters: PackedLetters

    /// Two ASCII letters in any case; nil for everything else.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        self.init(bytes.span)
    }

    init?(_ text: Span<UInt8>) {
        guard text.count == 2, let letters = PackedLetters(text), letters.isAlphabetic else { return nil }
        self.letters = letters
    }

    /// Of letters that a table holds.
    init?(_ letters: PackedLetters) {
        guard letters.count == 2 else { return nil }
        self.letters = letters
    }

    /// The code as ISO writes it, in upper case.
    public var alpha2: String {
        var text = ""
        letters.forEachByte { text.unicodeScalars.append(Unicode.Scalar(ASCII.upper($0))) }
        return text
    }

    static let us = CountryCode(known: "us")
    static let gb = CountryCode(known: "gb")
    /// What senders write for `gb`; ISO reserves it.
    static let uk = CountryCode(known: "uk")

    init(known text: StaticString) { letters = PackedLetters(known: text) }
}

/// The part of an ISO 3166-2 code behind the country, in lower case: one to three letters or digits.
public struct StateCode: Hashable, Sendable {
    let letters: PackedLetters

    /// One to three ASCII letters or digits in any case; nil for everything else.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        self.init(bytes.span)
    }

    init?(_ text: Span<UInt8>) {
        guard (1...3).contains(text.count), let letters = PackedLetters(text) else { return nil }
        self.letters = letters
    }

    /// Of letters that a table holds.
    init(_ letters: PackedLetters) { self.letters = letters }
}

/// Up to four lower-case ASCII letters or digits in one word, the first one highest: a code without an allocation.
struct PackedLetters: Hashable, Sendable {
    private let bits: UInt32

    /// The letters as one number, the last one lowest.
    var word: UInt64 { UInt64(bits) }

    var count: Int { 4 - bits.leadingZeroBitCount / 8 }

    /// Nil when a byte is neither letter nor digit, or when there are none or more than four.
    init?(_ text: Span<UInt8>) {
        guard (1...4).contains(text.count) else { return nil }
        var word: UInt32 = 0
        for index in text.indices {
            let byte = ASCII.lower(text[index])
            guard ASCII.isLetterOrDigit(byte) else { return nil }
            word = word << 8 | UInt32(byte)
        }
        bits = word
    }

    init(known text: StaticString) {
        var word: UInt32 = 0
        for byte in text.description.utf8 { word = word << 8 | UInt32(byte) }
        bits = word
    }

    var isAlphabetic: Bool {
        var rest = bits
        while rest > 0 {
            guard ASCII.isLetter(UInt8(rest & 0xFF)) else { return false }
            rest >>= 8
        }
        return true
    }

    /// Hands over the bytes in order.
    func forEachByte(_ body: (UInt8) -> Void) {
        for shift in stride(from: 24, through: 0, by: -8) {
            let byte = UInt8(truncatingIfNeeded: bits >> UInt32(shift))
            if byte != 0 { body(byte) }
        }
    }
}
