import Foundation
import RelayTestKit
import Testing

/// Whose address an event carries, with the built relay behind what plays its proxy.
@Suite("The client's address")
struct ClientAddressTests {
    /// Posts a hit with these header lines and gives the address that arrives upstream; nil when the event has none.
    private func address(_ headerLines: [String], _ environment: [String: String], more: String = "") throws -> String?
    {
        let stack = try RelayStack(configuration: more.isEmpty ? nil : more, environment: environment)
        let target =
            "/g/collect?v=2&tid=G-1&en=page_view&dl=https%3A%2F%2Fshop.example%2F"
            + "&em=tv.1~em.A-7FOb7eV8iZaB1kfR4kd8QiOWxglBOtOtUH5a1R5ks"
        let head = ["GET \(target) HTTP/1.1", "Host: x", "Connection: close", "User-Agent: Mozilla/5.0"] + headerLines
        let answer = try TestHTTPClient.exchange(
            Array((head.joined(separator: "\r\n") + "\r\n\r\n").utf8), port: stack.publicPort)
        #expect(String(decoding: answer.prefix(12), as: UTF8.self) == "HTTP/1.1 204")
        let user = try stack.waitForEvents(1).first?["user_data"] as? [String: Any]
        #expect(user?["em"] != nil)
        return user?["client_ip_address"] as? String
    }

    private static let trusting = ["PINRELAY_TRUSTED_PROXIES": "127.0.0.0/8,10.0.0.0/8"]

    @Test("no header counts while nobody is trusted")
    func noTrust() throws {
        // The peer is loopback, which is nobody's address.
        #expect(try address(["X-Forwarded-For: 198.51.100.7", "Forwarded: for=198.51.100.7"], [:]) == nil)
    }

    @Test(
        "behind trusted proxies the right-most untrusted hop counts, over several lines",
        arguments: [
            (["X-Forwarded-For: 8.8.8.8, 198.51.100.7, 10.0.0.3"], "198.51.100.7"),
            (
                ["X-Forwarded-For: 8.8.8.8", "X-Forwarded-For: 198.51.100.7:4711", "x-forwarded-for: 10.0.0.3"],
                "198.51.100.7"
            ),
            (
                ["Forwarded: for=8.8.8.8, for=\"[2001:db8::7]:4711\";proto=https", "forwarded: for=10.0.0.3"],
                "2001:db8::7"
            ),
            (["X-Forwarded-For: 8.8.8.8, unknown"], nil), (["Forwarded: for=8.8.8.8, for=_hidden"], nil),
            (["X-Forwarded-For: 8.8.8.8", "Forwarded: for=9.9.9.9"], nil),
        ] as [([String], String?)])
    func trusted(_ lines: [String], _ expected: String?) throws {
        #expect(try address(lines, Self.trusting) == expected)
    }

    @Test("a chosen header alone counts", arguments: [("x-forwarded-for", "8.8.8.8"), ("forwarded", "9.9.9.9")])
    func chosen(_ header: String, _ expected: String) throws {
        let lines = ["X-Forwarded-For: 8.8.8.8", "Forwarded: for=9.9.9.9"]
        #expect(try address(lines, Self.trusting, more: "listen: { forwarded_header: \(header) }") == expected)
    }
}
