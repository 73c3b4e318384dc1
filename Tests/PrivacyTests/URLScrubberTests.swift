import RelayModel
import Testing

@testable import Privacy

@Suite("URL scrubber")
struct URLScrubberTests {
    private func scrub(_ url: String, rules: PrivacyRules = PrivacyRules()) throws -> (
        url: String, kinds: [WarningKind]
    ) {
        var trial = PrivacyTrial()
        trial.rules = rules
        trial.event.sourceURL = trial.personal(url)
        let result = try trial.run()
        return (result.string(result.event.sourceURL), result.kinds)
    }

    @Test(
        "personal parts go and the rest stays byte for byte",
        arguments: [
            ("https://shop.example/x?email=a&b=1", "https://shop.example/x?b=1"),
            ("https://shop.example/x?b=1&EMAIL=a", "https://shop.example/x?b=1"),
            ("https://shop.example/x?a=1&token=t&c=3#top", "https://shop.example/x?a=1&c=3#top"),
            ("https://shop.example/x?token=t", "https://shop.example/x"),
            ("https://shop.example/x?token=t#top", "https://shop.example/x#top"),
            ("https://shop.example/x?token=t&sid=2&code=3", "https://shop.example/x"),
            ("https://shop.example/x?token", "https://shop.example/x"),
            ("https://shop.example/x?k=1&token=t&sid=2", "https://shop.example/x?k=1"),
            ("https://shop.example/x?q=jane@example.com&epik=E1", "https://shop.example/x?epik=E1"),
            ("https://shop.example/x?q=jane%40example.com&epik=E1", "https://shop.example/x?epik=E1"),
            ("https://shop.example/x?q=%252540&epik=E1", "https://shop.example/x?epik=E1"),
            ("https://shop.example/x?jane@example.com", "https://shop.example/x"),
            ("https://shop.example/x?first%5Fname=a&%65mail=b&c=1", "https://shop.example/x?c=1"),
            ("https://shop.example/u/jane@example.com/o?x=1", "https://shop.example/u/-/o?x=1"),
            ("https://shop.example/u/jane%40example.com", "https://shop.example/u/-"),
            ("https://shop.example/x#jane@example.com", "https://shop.example/x#-"),
            ("https://shop.example/x?token=1#a%40b", "https://shop.example/x#-"),
            ("https://jane:pw@shop.example/x?y=%2f", "https://shop.example/x?y=%2f"),
            ("//jane@shop.example/x", "//shop.example/x"),
            ("/local/jane@example.com?pwd=1&ü=ß", "/local/-?ü=ß"),
            ("https://jane%40example.com/x", "https://-/x"), ("a@b://x/y", "-//x/y"),
            ("mailto:jane@example.com", "-"),
            ("https://shop.example/x?&&email=a&&b", "https://shop.example/x?&&&b"),
        ])
    func scrubs(url: String, expected: String) throws {
        let result = try scrub(url)
        #expect(result.url == expected)
        #expect(result.kinds == [.urlScrubbed])
    }

    @Test(
        "a URL without personal parts is left alone",
        arguments: [
            "https://shop.example", "https://shop.example/", "https://shop.example/?", "https://shop.example/#",
            "https://shop.example/a//b/?&&x=&=y&#f?g#h", "https://shop.example/x?epik=dj0yJnU9&utm_source=pinterest",
            "https://shop.example/x?emails=1&my_token=2&codec=3&tokens[]=4", "https://shop.example/%4/%2/%zz?%",
            "https://shop.example/x?redirect=https%3A%2F%2Fa.example%2F%3Fb%3D1", "not a url", "?", "#", "//", "%25",
            "%4",
            "https://shop.example/?a=b?email=c", "https://shop.example/#?email=c", "android-app://com.shop/x",
            "https://shop.example/x?zip=94107&code2=x&=email",
        ])
    func leavesAlone(url: String) throws {
        let result = try scrub(url)
        #expect(result.url == url)
        #expect(result.kinds.isEmpty)
    }

    @Test("every key of the default list goes, in any case", arguments: PrivacyRules.defaultScrubbedKeys)
    func defaultKeys(key: String) throws {
        #expect(try scrub("https://s.example/?a=1&\(key.uppercased())=v&b=2").url == "https://s.example/?a=1&b=2")
    }

    @Test("the list of keys is the operator's")
    func configuredKeys() throws {
        var rules = PrivacyRules()
        rules.scrubbedKeys = ["Coupon"]
        #expect(try scrub("https://s.example/?coupon=1&email=x", rules: rules).url == "https://s.example/?email=x")
        rules.scrubbedKeys = []
        #expect(try scrub("https://s.example/?email=x&y=@", rules: rules).url == "https://s.example/?email=x")
    }
}
