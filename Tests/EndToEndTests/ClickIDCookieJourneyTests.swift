import Foundation
import RelayTestKit
import Testing

/// `_epik` read and, where the source says so, written (`mapping.md` 4.4, 9.8). The relay plays `tags.shop.example` by
/// the `Host` header.
@Suite("The click id cookie")
struct ClickIDCookieJourneyTests {
    private static func configuration(_ source: String = "write_click_id_cookie: true") -> String {
        """
        sources:
          - { name: web, kind: ga4, \(source) }
          - { name: pages, kind: segment, write_keys: [wk], \(source) }
        """
    }

    private let trusting = ["PINRELAY_TRUSTED_PROXIES": "127.0.0.0/8"]
    private let cookie = "_epik=dj0yJnU9abc; Max-Age=31536000; Path=/; SameSite=Lax; Secure; Domain=shop.example"

    private func hit(_ more: String = "", page: String = "https://www.shop.example/?epik=dj0yJnU9abc") -> String {
        let escaped = page.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        return
            "/g/collect?v=2&tid=G-1&cid=1.2&_p=3&_s=\(Int.random(in: 1...1_000_000))&en=page_view&dl=\(escaped)\(more)"
    }

    private func setCookie(
        _ stack: RelayStack, _ target: String, headers: [String: String] = [:]
    ) throws -> String? {
        let standard = [
            "Host": "tags.shop.example", "Origin": "https://www.shop.example",
            "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/120.0", "X-Forwarded-For": "198.51.100.7",
        ]
        let answer = try TestHTTPClient.send(
            "GET", port: stack.publicPort, target, headers: standard.merging(headers) { _, own in own })
        #expect(answer.status == 204)
        return answer.headers["set-cookie"]
    }

    @Test("a landing with a fresh click id is kept for a year, for the whole site, readable by the tag")
    func written() throws {
        let stack = try RelayStack(configuration: Self.configuration(), environment: trusting)
        #expect(try setCookie(stack, hit()) == cookie)
        // The tag's own cookie is there already, or an older one lags: the page's URL counts.
        #expect(try setCookie(stack, hit(), headers: ["Cookie": "_epik=dj0yJnU9abc"]) == cookie)
        #expect(try setCookie(stack, hit(), headers: ["Cookie": "_epik=older"]) == cookie)
        let events = try stack.waitForEvents(1)
        let user = events.first?["user_data"] as? [String: Any]
        #expect(user?["click_id"] as? String == "dj0yJnU9abc")
    }

    @Test("a cookie without a fresh click id is read, sent, and not prolonged")
    func notProlonged() throws {
        let stack = try RelayStack(configuration: Self.configuration(), environment: trusting)
        let target = hit(page: "https://www.shop.example/")
        #expect(try setCookie(stack, target, headers: ["Cookie": "a=b; _epik=dj0yJnU9kept"]) == nil)
        let user = try stack.waitForEvents(1).first?["user_data"] as? [String: Any]
        #expect(user?["click_id"] as? String == "dj0yJnU9kept")
    }

    @Test("nothing is written unless the source says so")
    func offByDefault() throws {
        let stack = try RelayStack(configuration: Self.configuration("view_item_as: page_visit"))
        #expect(try setCookie(stack, hit()) == nil)
    }

    @Test("nothing is written for what is no click id, no own page, or another site's page")
    func unfit() throws {
        let stack = try RelayStack(configuration: Self.configuration(), environment: trusting)
        #expect(try setCookie(stack, hit(page: "https://www.shop.example/?epik=a;b")) == nil)
        #expect(try setCookie(stack, hit(page: "https://www.shop.example/?other=1")) == nil)
        #expect(try setCookie(stack, hit(page: "https://other.example/?epik=dj0yJnU9abc")) == nil)
        #expect(try setCookie(stack, hit(), headers: ["Host": "relay.example"]) == nil)
        #expect(try setCookie(stack, hit(), headers: ["Host": "127.0.0.1"]) == nil)
        #expect(try setCookie(stack, hit(), headers: ["Origin": "https://evil.example"]) == nil)
        #expect(try setCookie(stack, hit(), headers: ["Sec-Fetch-Site": "cross-site"]) == nil)
        #expect(try setCookie(stack, hit(), headers: ["Sec-Fetch-Site": "same-site"]) == cookie)
        // The referrer is no page of this event.
        let referred = "&dr=https%3A%2F%2Fwww.shop.example%2F%3Fepik%3Ddj0yJnU9abc"
        #expect(try setCookie(stack, hit(referred, page: "https://www.shop.example/")) == nil)
    }

    @Test("a denial forbids it whatever the policy; where consent is required only a grant allows it")
    func consent() throws {
        let denied = "&gcs=G100&gcd=13p3p3p3p5"
        let granted = "&gcs=G111&gcd=13t3t3t3t5"
        for (policy, silent, expected) in [
            ("respect", cookie, cookie), ("ignore", cookie, cookie), ("require", nil, cookie),
        ] as [(String, String?, String?)] {
            let stack = try RelayStack(
                configuration: "sources: [{ name: web, kind: ga4, write_click_id_cookie: true, consent: \(policy) }]")
            #expect(try setCookie(stack, hit()) == silent, "\(policy)")
            #expect(try setCookie(stack, hit(denied)) == nil, "\(policy)")
            #expect(try setCookie(stack, hit(granted)) == expected, "\(policy)")
            // Data use granted, storage unsaid.
            #expect(try setCookie(stack, hit("&gcd=13l3l3t3l5")) == silent, "\(policy)")
        }
        let optedOut = try RelayStack(
            configuration: Self.configuration("write_click_id_cookie: true, on_denial: opt_out"))
        #expect(try setCookie(optedOut, hit(denied)) == nil)
        #expect(try setCookie(optedOut, hit("&ep.opt_out=true")) == nil)
    }

    @Test("a Segment call from a page keeps it too; one from a server does not")
    func segment() throws {
        let stack = try RelayStack(configuration: Self.configuration(), environment: trusting)
        let body = """
            {"writeKey":"wk","type":"page","anonymousId":"a","context":{"page":
             {"url":"https://www.shop.example/?epik=dj0yJnU9abc"},"ip":"198.51.100.7","userAgent":"Mozilla/5.0"}}
            """
        let fromPage = try TestHTTPClient.post(
            port: stack.publicPort, "/v1/page",
            headers: ["Host": "tags.shop.example", "Origin": "https://www.shop.example"], body)
        #expect(fromPage.headers["set-cookie"] == cookie)
        let fromServer = try TestHTTPClient.post(
            port: stack.publicPort, "/v1/page", headers: ["Host": "tags.shop.example"], body)
        #expect(fromServer.status == 200)
        #expect(fromServer.headers["set-cookie"] == nil)
    }
}
