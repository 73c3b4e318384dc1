import Foundation
import RelayTestKit
import Testing

@Suite("RudderStack's own routes")
struct RudderStackTests {
    private let configuration = """
        destinations: [{name: shop, ad_account_id: "549755885175", token: t}]
        sources: [{name: web, kind: segment, write_keys: [wk], anonymous_id_as_external_id: true}]
        """
    /// `printf '%s' VALUE | sha256sum`
    private let anonymous = "2e96105c29d2c92c48ffb367fa6e4b40db08207d649bcf83aa1cec30532a1e17"

    @Test("a pixel track becomes an event, and the answer is an image that is not kept")
    func pixelTrack() throws {
        let stack = try RelayStack(configuration: configuration)
        let answer = try TestHTTPClient.get(
            port: stack.publicPort,
            "/pixel/v1/track?writeKey=wk&event=Order%20Completed&anonymousId=anon-1&properties.order_id=o-1"
                + "&properties.revenue=12.5&properties.currency=EUR&context.page.url=https%3A%2F%2Fshop.example%2Fthanks"
                + "&context.traits.email=a%40example.com&messageId=px-1")
        #expect(answer.status == 200)
        #expect(answer.headers["content-type"] == "image/gif")
        #expect(answer.headers["cache-control"] == "no-store")
        #expect(answer.body.starts(with: Array("GIF89a".utf8)))
        #expect(answer.body.count == 43)
        let event = try #require(try stack.waitForEvents(1).first)
        #expect(event["event_name"] as? String == "checkout")
        #expect(event["event_id"] as? String == "px-1")
        #expect(event["event_source_url"] as? String == "https://shop.example/thanks")
        let custom = event["custom_data"] as? [String: Any]
        #expect(custom?["value"] as? String == "12.5")
        #expect(custom?["order_id"] as? String == "o-1")
        #expect(custom?["currency"] as? String == "EUR")
        #expect((event["user_data"] as? [String: Any])?["external_id"] as? [String] == [anonymous])
    }

    @Test("a pixel page in a browser takes address and user agent from the connection")
    func pixelPage() throws {
        let stack = try RelayStack(
            configuration: configuration, environment: ["PINRELAY_TRUSTED_PROXIES": "127.0.0.0/8"])
        let answer = try TestHTTPClient.get(
            port: stack.publicPort, "/pixel/v1/page?writeKey=wk&anonymousId=anon-1&name=Home",
            headers: [
                "Sec-Fetch-Dest": "image", "User-Agent": "Mozilla/5.0", "X-Forwarded-For": "198.51.100.7",
            ])
        #expect(answer.status == 200)
        let event = try #require(try stack.waitForEvents(1).first)
        #expect(event["event_name"] as? String == "page_visit")
        let person = event["user_data"] as? [String: Any]
        #expect(person?["client_ip_address"] as? String == "198.51.100.7")
        #expect(person?["client_user_agent"] as? String == "Mozilla/5.0")
    }

    @Test("a pixel without a known key is an image too, with the status of the fault; a POST is none")
    func pixelRefused() throws {
        let stack = try RelayStack(configuration: configuration)
        for query in ["anonymousId=a", "writeKey=wrong&anonymousId=a"] {
            let answer = try TestHTTPClient.get(port: stack.publicPort, "/pixel/v1/page?" + query)
            #expect(answer.status == 401)
            #expect(answer.headers["content-type"] == "image/gif")
        }
        let post = try TestHTTPClient.post(port: stack.publicPort, "/pixel/v1/page?writeKey=wk", "{}")
        #expect(post.status == 405)
        #expect(post.headers["allow"] == "GET, OPTIONS")
        #expect(try TestHTTPClient.get(port: stack.publicPort, "/beacon/v1/batch?writeKey=wk").status == 405)
    }

    @Test("the AnonymousId header names the person where the body does not")
    func anonymousID() throws {
        let stack = try RelayStack(configuration: configuration)
        let answer = try TestHTTPClient.post(
            port: stack.publicPort, "/v1/page?writeKey=wk", headers: ["AnonymousId": "anon-1"],
            #"{"messageId":"h-1","context":{"traits":{"email":"a@example.com"}}}"#)
        #expect(answer.status == 200)
        let event = try #require(try stack.waitForEvents(1).first)
        #expect((event["user_data"] as? [String: Any])?["external_id"] as? [String] == [anonymous])
    }

    @Test("the Python SDK's batch, gzip and Basic alone, is answered 200")
    func pythonSDK() throws {
        let stack = try RelayStack(configuration: configuration)
        let body = Compression.gzip.compress(
            Array(
                """
                {"batch":[{"integrations":{"All":true},"anonymousId":"anon-1","properties":{"email":"a@example.com"},
                "timestamp":"\(ISO8601DateFormatter().string(from: Date()))","context":{"library":{"name":
                "rudder-analytics-python","version":"2.1.9"}},"type":"track","channel":"server","event":"Signed Up",
                "messageId":"sdk-1"}],"sentAt":"\(ISO8601DateFormatter().string(from: Date()))"}
                """.utf8))
        let answer = try TestHTTPClient.send(
            "POST", port: stack.publicPort, "/v1/batch",
            headers: [
                "Authorization": "Basic d2s6", "Content-Encoding": "gzip", "Content-Type": "application/json",
                "User-Agent": "analytics-python/2.1.9",
            ], body: body)
        #expect(answer.status == 200)
        #expect(try stack.waitForEvents(1).compactMap { $0["event_id"] as? String } == ["sdk-1"])
    }
}
