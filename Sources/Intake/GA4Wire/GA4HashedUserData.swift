import RelayModel
import WireCodec

/// The wire parameter `em`: `tv.1`, then pairs `<code><index?>.<value>` joined by `~` (`ga4-wire.md` 1.8). Its values
/// become entries of `user_data` under the names of the event data; hashes become lower-case hex.
struct GA4HashedUserData {
    private(set) var entries: [GA4UserData.Entry] = []
    /// A page has a handful of addresses and numbers; what follows is passed over.
    private let pairLimit = 64

    init(_ parameter: TextRef, on tape: inout EventTape) {
        let pairs = pieces(of: parameter, at: UInt8(ascii: "~"), on: tape)
        guard let version = pairs.first, tape.matches(version, "tv.1") else { return }
        var emailCount = 0
        var phoneCount = 0
        for pair in pairs.dropFirst().prefix(pairLimit) {
            guard let (code, index, value) = split(pair, tape) else { continue }
            switch (code.0, code.1) {
            case (UInt8(ascii: "e"), UInt8(ascii: "m")):
                if addHash("sha256_email_address.\(emailCount)", value, &tape) { emailCount += 1 }
            case (UInt8(ascii: "p"), UInt8(ascii: "n")):
                if addHash("sha256_phone_number.\(phoneCount)", value, &tape) { phoneCount += 1 }
            default: addAddressPart(code, index, value, &tape)
            }
        }
    }

    private mutating func addAddressPart(
        _ code: (UInt8, UInt8), _ index: Int, _ value: TextRef, _ tape: inout EventTape
    ) {
        switch (Character(Unicode.Scalar(code.0)), Character(Unicode.Scalar(code.1))) {
        case ("f", "n"): _ = addHash("address.\(index).sha256_first_name", value, &tape)
        case ("l", "n"): _ = addHash("address.\(index).sha256_last_name", value, &tape)
        case ("s", "a"): _ = addHash("address.\(index).sha256_street", value, &tape)
        case ("c", "t"): addText("address.\(index).city", value, &tape)
        case ("r", "g"): addText("address.\(index).region", value, &tape)
        case ("p", "c"): addText("address.\(index).postal_code", value, &tape)
        case ("c", "o"): addText("address.\(index).country", value, &tape)
        default: break
        }
    }

    /// Places travel in clear, escaped once more.
    private mutating func addText(_ path: String, _ value: TextRef, _ tape: inout EventTape) {
        entries.append(.init(path: tape.append(path.utf8), value: tape.percentDecoded(value)))
    }

    /// - Returns: false for what is no hash, such as the error codes `e0` to `e3`.
    private mutating func addHash(_ path: String, _ value: TextRef, _ tape: inout EventTape) -> Bool {
        guard let hash = hashedValue(tape[value]) else { return false }
        let hex = tape.append { hash.appendHex(to: &$0) }
        entries.append(.init(path: tape.append(path.utf8), value: hex))
        return true
    }

    /// A digest in Base64 (43 characters) or, as a page may have given it, in hex (64).
    private func hashedValue(_ text: ArraySlice<UInt8>) -> HashedValue? {
        if text.count == 64 { return HashedValue(hex: text) }
        guard 43...44 ~= text.count, let digest = Base64.decode(text), digest.count == 32 else { return nil }
        func word(_ number: Int) -> UInt64 { digest[number * 8..<number * 8 + 8].reduce(0) { $0 << 8 | UInt64($1) } }
        return HashedValue(words: (word(0), word(1), word(2), word(3)))
    }

    /// `fn12.value` as code, index and value.
    private func split(_ pair: TextRef, _ tape: borrowing EventTape) -> ((UInt8, UInt8), Int, TextRef)? {
        let bytes = tape[pair]
        guard let dot = bytes.firstIndex(of: UInt8(ascii: ".")) else { return nil }
        let name = bytes[..<dot]
        guard 2...4 ~= name.count else { return nil }
        let digits = name.dropFirst(2)
        guard let index = digits.isEmpty ? 0 : Int(String(decoding: digits, as: UTF8.self)), index >= 0 else {
            return nil
        }
        let at = dot - bytes.startIndex + 1
        return ((name[name.startIndex], name[name.startIndex + 1]), index, pair.part(at..<bytes.count))
    }
}
