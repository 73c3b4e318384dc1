import Testing

@testable import RelayApp

@Suite("ClickIDCookie")
struct ClickIDCookieTests {
    private func header(
        page: String, host: String, origin: String = "", isCrossSite: Bool = false
    ) throws -> String? {
        let landing = ClickIDLanding(clickID: Array("dj0y.J~n%9".utf8), pageHost: Array(page.utf8))
        let place = ClickIDCookie.Place(
            host: Array(host.utf8), origin: Array(origin.utf8), isCrossSite: isCrossSite)
        return try ClickIDCookie().header(for: landing, at: place).map { String(decoding: $0, as: UTF8.self) }
    }

    private func expected(_ domain: String) -> String {
        "_epik=dj0y.J~n%9; Max-Age=31536000; Path=/; SameSite=Lax; Secure; Domain=\(domain)"
    }

    @Test(
        "the cookie belongs to the domain that relay, page and origin share",
        arguments: [
            ("www.shop.example", "tags.shop.example", "https://www.shop.example", "shop.example"),
            ("shop.example", "tags.shop.example:8443", "", "shop.example"),
            ("www.shop.co.uk", "tags.shop.co.uk", "https://www.shop.co.uk:444", "shop.co.uk"),
            ("Shop.Example", "TAGS.shop.EXAMPLE", "https://shop.example", "shop.example"),
            ("me.github.io", "tags.me.github.io", "", "me.github.io"),
        ])
    func firstParty(_ page: String, _ host: String, _ origin: String, _ domain: String) throws {
        #expect(try header(page: page, host: host, origin: origin) == expected(domain))
    }

    @Test(
        "no cookie where the relay is no first party of the page",
        arguments: [
            ("shop.example", "relay.example", ""), ("shop.co.uk", "tags.co.uk", ""), ("co.uk", "co.uk", ""),
            ("a.github.io", "b.github.io", ""), ("127.0.0.1", "127.0.0.1:8080", ""), ("[::1]", "[::1]:8080", ""),
            ("localhost", "localhost:8080", ""), ("tags", "tags", ""), ("shop.example", "", ""), ("", "", ""),
            ("shop.example", "tags.shop.example", "https://evil.example"),
            ("shop.example", "tags.shop.example", "null"), ("shop.example", "tags.shop.example", "shop.example"),
            ("shop.example", "tags.shop.example", "https://shop.example.evil.example"),
            ("shop.example;x=y", "shop.example;x=y", ""),
        ])
    func thirdParty(_ page: String, _ host: String, _ origin: String) throws {
        #expect(try header(page: page, host: host, origin: origin) == nil)
    }

    @Test("no cookie for a call that the browser says comes from another site")
    func crossSite() throws {
        #expect(try header(page: "shop.example", host: "tags.shop.example", isCrossSite: true) == nil)
    }
}
