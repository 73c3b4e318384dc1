import Mapping
import RelayModel
import Testing

@Suite("Click id")
struct ClickIDTests {
    private func page(_ url: String, _ more: String = "", cookie: String = "") throws -> Outcome {
        let members = "\"page_location\":\"\(url)\"" + (more.isEmpty ? "" : "," + more)
        return try hit("page_view", members) { call, tape in call.epikCookie = tape.append(cookie.utf8) }
    }

    @Test(
        "the page's own URL gives it, whatever the case of the name",
        arguments: [
            "https://a/?epik=dj0yJnU9", "https://a/?x=1&EPIK=dj0yJnU9&y", "https://a/p?Epik=dj0yJnU9#f",
            "https://a/?epik=&epik=dj0yJnU9", "https://a/?epik=%64j0yJnU9",
        ])
    func fromURL(url: String) throws {
        let outcome = try page(url, cookie: "cookie")
        #expect(outcome["click_id"] == "dj0yJnU9")
        #expect(outcome.warnings.isEmpty)
    }

    @Test(
        "the value is decoded once, and its case stays",
        arguments: [
            ("aB%2541", "aB%41"), ("a~b._-", "a~b._-"), ("%7Ex", "~x"), ("100%25", "100%"),
        ])
    func decodedOnce(sent: String, expected: String) throws {
        #expect(try page("https://a/?epik=\(sent)")["click_id"] == expected)
    }

    @Test(
        "what is no click id is told, and the cookie is tried",
        arguments: [
            "a+b", "a%20b", "a%2Fb", "ä", "<script>", String(repeating: "x", count: 513),
        ])
    func unusable(sent: String) throws {
        let outcome = try page("https://a/?epik=\(sent)", cookie: "fromCookie")
        #expect(outcome["click_id"] == "fromCookie")
        #expect(outcome.warnings == ["user_data.click_id unusable"])
    }

    @Test(
        "only a fresh click id of the page's own URL names the page's host as a landing",
        arguments: [
            ("https://Shop.example:8443/?epik=x", "", "Shop.example"), ("https://shop.example/?epik=a%20b", "", ""),
            ("https://shop.example/", "", ""), ("?epik=x", "", ""),
            ("https://shop.example/", "\"epik\":\"x\"", ""),
            ("https://shop.example/", "\"page_referrer\":\"https://shop.example/?epik=x\"", ""),
            ("https://shop.example/?epik=x", "\"click_id\":\"said\"", ""),
        ])
    func landing(url: String, more: String, host: String) throws {
        #expect(try page(url, more, cookie: "cookie").landingHost == host)
    }

    @Test("512 characters are taken")
    func longest() throws {
        let id = String(repeating: "x", count: 512)
        #expect(try page("https://a/?epik=\(id)")["click_id"] == id)
    }

    @Test(
        "a fragment and other parameters give none",
        arguments: [
            "https://a/#?epik=x", "https://a/?xepik=x", "https://a/epik=x", "https://a/?epikx=1", "",
        ])
    func none(url: String) throws {
        #expect(try page(url)["click_id"] == nil)
    }

    @Test("an explicit parameter beats URL and cookie")
    func explicit() throws {
        #expect(try page("https://a/?epik=u", #""click_id":"c""#, cookie: "k")["click_id"] == "c")
        #expect(try page("https://a/?epik=u", #""user_data":{"click_id":"d"}"#)["click_id"] == "d")
    }

    @Test("URL, cookie, epik parameter, in this order")
    func order() throws {
        #expect(try page("https://a/?epik=u", #""epik":"p""#, cookie: "k")["click_id"] == "u")
        #expect(try page("https://a/", #""epik":"p""#, cookie: "k")["click_id"] == "k")
        #expect(try page("https://a/", #""epik":"p""#)["click_id"] == "p")
    }

    @Test(
        "a referrer counts only on the page's own host",
        arguments: [
            ("https://shop.example/a", "https://shop.example/b?epik=r", "r"),
            ("https://Shop.Example:8443/a", "https://user@shop.example/?epik=r", "r"),
            ("https://shop.example", "https://www.shop.example/?epik=r", nil),
            ("https://shop.example", "https://shop.example.evil/?epik=r", nil),
            ("https://shop.example", "https://evil/?shop.example&epik=r", nil),
            ("https://shop.example", #"https://evil\\@shop.example/?epik=r"#, nil),
            ("shop.example", "shop.example/?epik=r", nil),
        ])
    func referrer(page url: String, referrer: String, expected: String?) throws {
        #expect(try page(url, "\"page_referrer\":\"\(referrer)\"")["click_id"] == expected)
    }

    @Test("without a page URL no referrer is used")
    func referrerAlone() throws {
        #expect(try hit("page_view", #""page_referrer":"https://a/?epik=r""#)["click_id"] == nil)
    }

    @Test("Segment: properties, page URL, context, and the cookie of a browser call only")
    func segment() throws {
        func outcome(_ members: String, isBrowser: Bool) throws -> Outcome {
            try track("{\"event\":\"Signed Up\",\"messageId\":\"m\",\(members)}") { call, tape in
                call.isBrowserCall = isBrowser
                call.epikCookie = tape.append("k".utf8)
            }
        }
        let page = #""context":{"page":{"url":"https://a/?epik=u"},"click_id":"x"}"#
        #expect(try outcome(page + #","properties":{"click_id":"c"}"#, isBrowser: true)["click_id"] == "c")
        #expect(try outcome(page, isBrowser: true)["click_id"] == "u")
        #expect(try outcome(#""context":{"click_id":"x"}"#, isBrowser: true)["click_id"] == "k")
        #expect(try outcome(#""context":{"click_id":"x"}"#, isBrowser: false)["click_id"] == "x")
        #expect(
            try outcome(#""properties":{"epik":"e"},"context":{"click_id":"x"}"#, isBrowser: false)["click_id"] == "e")
        let referrer = #""context":{"page":{"url":"https://a/","referrer":"https://a/?epik=r"}}"#
        #expect(try outcome(referrer, isBrowser: false)["click_id"] == "r")
    }
}
