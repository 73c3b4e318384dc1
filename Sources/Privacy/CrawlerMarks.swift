/// User-agent marks of crawlers, whose events are no conversions (`mapping.md` 5 and 9.16).
///
/// Kept list, as of November 2026; a change brings the date up. Its sources:
/// - ``own``: Pinterest's crawler, by its present and its older name, and the spellings of Google Tag Manager's fetcher.
/// - ``operators``: the names under which search engines, archives, link previews, SEO and model crawlers say on their
///   operators' pages that they call, as the public list `crawler-user-agents` and the server-GTM template "Simple Bot
///   Detector" collect them.
///
/// Tools that people steer (headless browsers, HTTP libraries, link checkers) are not in it, nor are the browsers built
/// into apps (`[Pinterest/iOS]`, `FBAN/FBIOS`).
enum CrawlerMarks {
    static let own = [
        "pinterestbot", "pinterest/0.", "googletagmanager", "google-tag-manager", "google tag manager",
    ]

    static let operators = [
        "googlebot", "adsbot-google", "mediapartners-google", "feedfetcher-google", "apis-google", "googleother",
        "google-inspectiontool", "storebot-google", "bingbot", "bingpreview", "adidxbot", "msnbot", "duckduckbot",
        "baiduspider", "yandexbot", "yandexmobilebot", "yandexrenderresourcesbot", "sogou web spider", "yahoo! slurp",
        "petalbot", "seznambot", "coccocbot", "applebot", "amazonbot", "exabot", "ia_archiver", "archive.org_bot",
        "facebookexternalhit", "meta-externalagent", "linkedinbot", "twitterbot", "slackbot", "discordbot",
        "telegrambot", "ahrefsbot", "semrushbot", "mj12bot", "dotbot", "dataforseobot", "blexbot", "bytespider",
        "gptbot", "oai-searchbot", "claudebot", "ccbot", "perplexitybot",
    ]

    static let marks = own + operators

    /// One of the marks begins a word of the user agent, in any case.
    static func hold(_ userAgent: Span<UInt8>) -> Bool {
        let index = index
        var position = 0
        while true {
            while position < userAgent.count, !ASCII.isLetterOrDigit(userAgent[position]) { position += 1 }
            guard position < userAgent.count else { return false }
            if ASCII.isLetter(userAgent[position]), index.hasMark(userAgent, at: position) { return true }
            while position < userAgent.count, ASCII.isLetterOrDigit(userAgent[position]) { position += 1 }
        }
    }

    private static let index = MarkIndex(marks)
}

/// The marks by their first letter, in one flat array.
private final class MarkIndex: Sendable {
    private let bytes: [UInt8]
    /// Where each mark stands in ``bytes``, sorted by first letter.
    private let places: [Range<Int>]
    /// The marks of the n-th letter are ``places``[firsts[n]..<firsts[n + 1]].
    private let firsts: [Int]
    /// The second bytes of the marks of the n-th letter, one bit each: nearly all words end here.
    private let seconds: [UInt32]

    init(_ marks: [String]) {
        var (bytes, places, firsts, seconds): ([UInt8], [Range<Int>], [Int], [UInt32]) = ([], [], [], [])
        for letter in UInt8(ascii: "a")...UInt8(ascii: "z") {
            firsts.append(places.count)
            seconds.append(0)
            for mark in marks where mark.utf8.first == letter {
                places.append(bytes.count..<bytes.count + mark.utf8.count)
                bytes += mark.utf8
                seconds[seconds.count - 1] |= Self.bit(bytes[bytes.count - mark.utf8.count + 1])
            }
        }
        firsts.append(places.count)
        (self.bytes, self.places, self.firsts, self.seconds) = (bytes, places, firsts, seconds)
    }

    /// - Parameter start: where a letter stands.
    func hasMark(_ text: Span<UInt8>, at start: Int) -> Bool {
        let letter = Int(ASCII.lower(text[start]) - UInt8(ascii: "a"))
        guard start + 1 < text.count, seconds[letter] & Self.bit(ASCII.lower(text[start + 1])) != 0 else {
            return false
        }
        for place in firsts[letter]..<firsts[letter + 1] where stands(places[place], in: text, at: start) {
            return true
        }
        return false
    }

    private static func bit(_ byte: UInt8) -> UInt32 { 1 << UInt32(byte & 0x1F) }

    @inline(__always)
    private func stands(_ mark: Range<Int>, in text: Span<UInt8>, at start: Int) -> Bool {
        guard start + mark.count <= text.count else { return false }
        for offset in 0..<mark.count where ASCII.lower(text[start + offset]) != bytes[mark.lowerBound + offset] {
            return false
        }
        return true
    }
}
