import RelayModel
import Testing

@testable import Privacy

@Suite("Address and user agent")
struct CallerTests {
    private func address(_ text: String) throws -> (text: String, kinds: [WarningKind]) {
        var trial = PrivacyTrial()
        trial.event.person.address = trial.personal(text)
        let result = try trial.run()
        return (result.string(result.event.user.address.text), result.kinds)
    }

    private func userAgent(_ text: String, rules: PrivacyRules = PrivacyRules()) throws -> PrivacyResult {
        var trial = PrivacyTrial()
        trial.rules = rules
        trial.event.person.userAgent = trial.personal(text)
        return try trial.run()
    }

    @Test(
        "a public address passes as it was given, one mapped into IPv6 as IPv4",
        arguments: [
            ("8.8.8.8", "8.8.8.8"), (" 1.2.3.4\n", "1.2.3.4"), ("203.0.113.9", "203.0.113.9"),
            ("192.0.2.1", "192.0.2.1"), ("198.51.100.7", "198.51.100.7"), ("100.63.255.255", "100.63.255.255"),
            ("100.128.0.0", "100.128.0.0"), ("172.15.0.1", "172.15.0.1"), ("172.32.0.1", "172.32.0.1"),
            ("192.167.0.1", "192.167.0.1"), ("198.17.0.1", "198.17.0.1"), ("198.20.0.1", "198.20.0.1"),
            ("223.255.255.255", "223.255.255.255"), ("2001:DB8::9", "2001:DB8::9"),
            ("2a00:1450:4001:0:0:0:0:8", "2a00:1450:4001:0:0:0:0:8"), ("2a00::", "2a00::"),
            ("::ffff:203.0.113.9", "203.0.113.9"), ("::FFFF:cb00:7109", "203.0.113.9"),
            ("0:0:0:0:0:ffff:8.8.8.8", "8.8.8.8"), ("2001:3::1", "2001:3::1"), ("64:ff9b::8.8.8.8", "64:ff9b::8.8.8.8"),
        ])
    func publicAddresses(given: String, expected: String) throws {
        let result = try address(given)
        #expect(result.text == expected)
        #expect(result.kinds.isEmpty)
    }

    @Test(
        "an address that is nobody's on the internet is left out",
        arguments: [
            "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "169.254.1.1",
            "172.16.0.1", "172.31.255.255", "192.168.1.1", "198.18.0.1", "198.19.255.255", "224.0.0.1",
            "239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "::1", "::8.8.8.8", "fc00::1", "fdff::1",
            "fe80::1", "febf::1", "fec0::1", "ff02::1", "2001:2::1", "2001:2:0:ffff::1", "::ffff:10.0.0.1",
            "::ffff:7f00:1",
        ])
    func closedAddresses(given: String) throws {
        let result = try address(given)
        #expect(result.text.isEmpty)
        #expect(result.kinds == [.addressNotPublic])
    }

    @Test(
        "what is no address is left out",
        arguments: [
            "x", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4:80", "1..3.4", "1.2.3.", "1.2.3.4 5.6.7.8",
            ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "12345::", "g::1", ":1::2",
            "1:2:3:4:5:6:7:", "fe80::1%eth0", "[2a00::1]", "::1.2.3", "1:2:3:4:5:6:7:1.2.3.4", "1.2.3.4::", "-1.2.3.4",
            "::ffff:1.2.3.4.5", "1234567890123456789012345678901234567890123456789",
        ])
    func noAddresses(given: String) throws {
        let result = try address(given)
        #expect(result.text.isEmpty)
        #expect(result.kinds == [.unusable])
    }

    @Test("the user agent passes as it was given, up to its limit")
    func passesUserAgent() throws {
        let browser = "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0"
        let result = try userAgent(browser)
        #expect(result.string(result.event.user.userAgent.text) == browser)
        var rules = PrivacyRules()
        rules.limits.userAgentByteCount = browser.utf8.count - 1
        let long = try userAgent(browser, rules: rules)
        #expect(long.event.user.userAgent.text.isEmpty)
        #expect(long.kinds == [.tooLong])
    }

    @Test(
        "a user agent that says nothing is left out", arguments: ["null", "Undefined", " other ", "   ", "(not set)"])
    func emptyUserAgents(given: String) throws {
        let result = try userAgent(given)
        #expect(result.event.user.userAgent.text.isEmpty)
        #expect(result.kinds == [.placeholder])
    }

    @Test(
        "a known crawler's event is not sent, unless that is wanted",
        arguments: [
            "Mozilla/5.0 (compatible; Pinterestbot/1.0; +https://www.pinterest.com/bot.html)",
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "GoogleTagManager", "BINGBOT",
            "facebookexternalhit/1.1", "AdsBot-Google (+http://www.google.com/adsbot.html)",
        ])
    func crawlers(given: String) throws {
        #expect(try userAgent(given).verdict == .notSent(.bot))
        var rules = PrivacyRules()
        rules.dropsBots = false
        #expect(try userAgent(given, rules: rules).verdict == .cleared(warnings: []))
    }

    @Test(
        "every mark of the kept list is a crawler, in any case and inside a browser's user agent",
        arguments: CrawlerMarks.marks)
    func everyMark(mark: String) throws {
        #expect(
            try userAgent("Mozilla/5.0 (compatible; \(mark.uppercased())1; +https://x.example/)").verdict
                == .notSent(.bot))
        #expect(try userAgent(mark).verdict == .notSent(.bot))
        #expect(mark == mark.lowercased())
    }

    @Test(
        "a person's browser is no crawler",
        arguments: [
            "Mozilla/5.0 (Linux; Android 9; CUBOT_X19) AppleWebKit/537.36 Chrome/90 Mobile Safari/537.36",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 [Pinterest/iOS]",
            "Mozilla/5.0 (Macintosh) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 YaBrowser/24.1", "notgooglebot", "",
        ])
    func browsers(given: String) throws {
        if case .notSent(let reason) = try userAgent(given).verdict { Issue.record("not sent: \(reason)") }
    }

    @Test("a refusal for want of consent comes before the look at the user agent")
    func consentFirst() throws {
        var trial = PrivacyTrial()
        trial.event.person.userAgent = trial.personal("Pinterestbot/1.0")
        trial.event.consent.adStorage = .denied
        #expect(try trial.run().verdict == .notSent(.noConsent))
    }
}
