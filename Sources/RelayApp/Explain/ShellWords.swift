/// Takes a pasted shell text apart into commands and words, as bash reads them: quotes of all three kinds, line
/// continuations, comments, `;`, `&` and pipes. Variables and the rest of the language stand for themselves.
struct ShellWords {
    enum Fault: Error {
        /// A quote without its end.
        case openQuote(line: Int)
    }

    private let text: [UInt8]
    private var index = 0
    private var commands: [[[UInt8]]] = []
    private var words: [[UInt8]] = []
    private var word: [UInt8]?
    /// A redirection's target is no word of the command.
    private var dropsNextWord = false
    /// What stands behind a pipe is another program's.
    private var isBehindPipe = false

    /// - Returns: each command's words, as bytes: a quoted escape may hold any.
    static func commands(in text: String) throws(Fault) -> [[[UInt8]]] {
        var reader = ShellWords(text)
        try reader.read()
        return reader.commands
    }

    private init(_ text: String) { self.text = Array(text.utf8) }

    private mutating func read() throws(Fault) {
        while let byte = next() {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): endWord()
            case UInt8(ascii: "\n"), UInt8(ascii: ";"), UInt8(ascii: "&"): endCommand()
            case UInt8(ascii: "|"):
                endWord()
                isBehindPipe = true
            case UInt8(ascii: ">"), UInt8(ascii: "<"): redirect()
            case UInt8(ascii: "#") where word == nil: skipLine()
            case UInt8(ascii: "\\"): takeEscaped()
            case UInt8(ascii: "'"): try takeSingleQuoted()
            case UInt8(ascii: "\""): try takeDoubleQuoted()
            case UInt8(ascii: "$") where peek == UInt8(ascii: "'"):
                index += 1
                try takeANSIQuoted()
            case UInt8(ascii: "$") where peek == UInt8(ascii: "\""):
                index += 1
                try takeDoubleQuoted()
            default: add(byte)
            }
        }
        endCommand()
    }

    private var peek: UInt8? { index < text.count ? text[index] : nil }

    private mutating func next() -> UInt8? {
        guard let byte = peek else { return nil }
        index += 1
        return byte
    }

    private mutating func add(_ byte: UInt8) {
        if word == nil { word = [] }
        word?.append(byte)
    }

    private mutating func endWord() {
        if let word, !dropsNextWord, !isBehindPipe { words.append(word) }
        if word != nil { dropsNextWord = false }
        word = nil
    }

    private mutating func endCommand() {
        endWord()
        if !words.isEmpty { commands.append(words) }
        words = []
        (dropsNextWord, isBehindPipe) = (false, false)
    }

    /// `2>&1`, `> file`: the number before and the word behind belong to it.
    private mutating func redirect() {
        if word?.allSatisfy({ (0x30...0x39).contains($0) }) == true { word = nil }
        endWord()
        while let byte = peek, byte == UInt8(ascii: ">") || byte == UInt8(ascii: "&") { index += 1 }
        dropsNextWord = true
    }

    private mutating func skipLine() {
        while let byte = peek, byte != UInt8(ascii: "\n") { index += 1 }
    }

    /// A backslash takes the next byte as it is; before the end of a line it joins the next one.
    private mutating func takeEscaped() {
        guard let byte = next() else { return }
        if byte == UInt8(ascii: "\r"), peek == UInt8(ascii: "\n") {
            index += 1
        } else if byte != UInt8(ascii: "\n") {
            add(byte)
        }
    }

    private mutating func takeSingleQuoted() throws(Fault) {
        let start = index
        word = word ?? []
        while let byte = next() {
            if byte == UInt8(ascii: "'") { return }
            add(byte)
        }
        throw .openQuote(line: line(at: start))
    }

    private mutating func takeDoubleQuoted() throws(Fault) {
        let start = index
        word = word ?? []
        while let byte = next() {
            if byte == UInt8(ascii: "\"") { return }
            guard byte == UInt8(ascii: "\\"), let escaped = peek else {
                add(byte)
                continue
            }
            switch escaped {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "$"), UInt8(ascii: "`"), UInt8(ascii: "\n"):
                index += 1
                if escaped != UInt8(ascii: "\n") { add(escaped) }
            default: add(byte)
            }
        }
        throw .openQuote(line: line(at: start))
    }

    private mutating func takeANSIQuoted() throws(Fault) {
        let start = index
        word = word ?? []
        while let byte = next() {
            switch byte {
            case UInt8(ascii: "'"): return
            case UInt8(ascii: "\\"): takeANSIEscape()
            default: add(byte)
            }
        }
        throw .openQuote(line: line(at: start))
    }

    private mutating func takeANSIEscape() {
        guard let byte = next() else { return }
        switch byte {
        case UInt8(ascii: "n"): add(0x0A)
        case UInt8(ascii: "r"): add(0x0D)
        case UInt8(ascii: "t"): add(0x09)
        case UInt8(ascii: "a"): add(0x07)
        case UInt8(ascii: "b"): add(0x08)
        case UInt8(ascii: "e"), UInt8(ascii: "E"): add(0x1B)
        case UInt8(ascii: "f"): add(0x0C)
        case UInt8(ascii: "v"): add(0x0B)
        case UInt8(ascii: "x"): addByte(digits(atMost: 2, radix: 16))
        case UInt8(ascii: "u"): addScalar(digits(atMost: 4, radix: 16))
        case UInt8(ascii: "U"): addScalar(digits(atMost: 8, radix: 16))
        case UInt8(ascii: "0")...UInt8(ascii: "7"):
            index -= 1
            addByte(digits(atMost: 3, radix: 8))
        default: add(byte)
        }
    }

    private mutating func digits(atMost limit: Int, radix: Int) -> UInt32 {
        var value: UInt32 = 0
        var count = 0
        while count < limit, let byte = peek, let digit = Character(UnicodeScalar(byte)).hexDigitValue, digit < radix {
            value = value &* UInt32(radix) &+ UInt32(digit)
            index += 1
            count += 1
        }
        return value
    }

    private mutating func addByte(_ value: UInt32) { add(UInt8(truncatingIfNeeded: value)) }

    private mutating func addScalar(_ value: UInt32) {
        let scalar = UnicodeScalar(value) ?? "\u{FFFD}"
        for byte in String(Character(scalar)).utf8 { add(byte) }
    }

    private func line(at place: Int) -> Int { text[..<place].count { $0 == UInt8(ascii: "\n") } + 1 }
}
