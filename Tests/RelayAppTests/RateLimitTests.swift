import RelayTestKit
import Settings
import Telemetry
import Testing

@testable import RelayApp

/// Senders over their rate, through a real listener.
@Suite("Rate limits")
struct RateLimitTests {
    private static let destinations =
        #"destinations: [{ name: shop, ad_account_id: "1001", token: "token-of-the-shop" }]"#
    private static let slow = "{ requests_per_second: 1, burst: 2 }"

    private static let perAddress = """
        listen: { rate_limit: \(slow), trusted_proxies: [127.0.0.1], measurement_protocol_errors: strict }
        \(destinations)
        sources: [{ name: backend, kind: segment, write_keys: [wk] }, { name: web, kind: ga4 }]
        """

    private func track(_ rig: DeskRig, key: String = "wk", from address: String? = nil) throws -> TestHTTPClient.Answer
    {
        try TestHTTPClient.post(
            port: rig.port, "/v1/track", headers: address.map { ["X-Forwarded-For": $0] } ?? [:],
            #"{"writeKey":"\#(key)","type":"track","event":"x","userId":"u"}"#)
    }

    @Test("an address over its rate gets 429 and when to come back; other addresses, and none, are not concerned")
    func address() throws {
        let rig = try DeskRig(Self.perAddress)
        for _ in 0..<2 { #expect(try track(rig, from: "198.51.100.7").status == 200) }
        let refused = try track(rig, from: "198.51.100.7")
        #expect(refused.status == 429)
        #expect(["1", "2"].contains(refused.headers["retry-after"]))
        #expect(refused.headers["x-ratelimit-reset"] == refused.headers["retry-after"])
        #expect(refused.json()["code"] as? String == "rate_limited_address")
        #expect(try track(rig, from: "198.51.100.8").status == 200)
        for _ in 0..<4 { #expect(try track(rig, from: "unknown").status == 200) }
        #expect(rig.metrics.fault("rate_limited_address").value == 1)
        #expect(rig.metrics.request(.track, status: 429).value == 1)
        #expect(rig.metrics.received(source: 0).value == 7)
    }

    @Test("the first 64 bits of an IPv6 address are one sender")
    func network() throws {
        let rig = try DeskRig(Self.perAddress)
        let answers = try (1...3).map { try track(rig, from: "2001:db8:0:1::\($0)").status }
        #expect(answers == [200, 200, 429])
        #expect(try track(rig, from: "2001:db8:0:2::1").status == 200)
    }

    @Test("the tag's route answers as ever and counts; the Measurement Protocol tells it where faults are told")
    func ga4() throws {
        let rig = try DeskRig(Self.perAddress)
        for _ in 0..<4 {
            let answer = try TestHTTPClient.get(
                port: rig.port, "/g/collect?v=2&tid=G-1&en=x", headers: ["X-Forwarded-For": "198.51.100.7"])
            #expect(answer.status == 204)
        }
        #expect(rig.metrics.fault("rate_limited_address").value == 2)
        #expect(rig.metrics.received(source: 1).value == 2)
        let told = try TestHTTPClient.post(
            port: rig.port, "/mp/collect?measurement_id=G-1", headers: ["X-Forwarded-For": "198.51.100.7"], "{}")
        #expect(told.status == 429)
    }

    @Test("Pinterest-shaped events over the rate get Pinterest's own code")
    func pinterestEvents() throws {
        let rig = try DeskRig(Self.perAddress)
        let answers = try (0..<3).map { _ in
            try TestHTTPClient.post(
                port: rig.port, "/v5/ad_accounts/1001/events",
                headers: ["Authorization": "Bearer token-of-the-shop", "X-Forwarded-For": "198.51.100.7"],
                #"{"data":[]}"#)
        }
        #expect(answers[2].status == 429)
        #expect(answers[2].json()["code"] as? Int == 8)
        #expect(answers[2].headers["retry-after"] != nil)
    }

    @Test("each named key has its own rate, and a source that takes any key has one for all of them")
    func keys() throws {
        let named = try DeskRig(
            "\(Self.destinations)\nsources: [{ name: b, kind: segment, write_keys: [wk, other], rate_limit: \(Self.slow) }]"
        )
        #expect(try (0..<3).map { _ in try track(named).status } == [200, 200, 429])
        #expect(try track(named, key: "other").status == 200)
        #expect(named.metrics.fault("rate_limited_key").value == 1)
        let open = try DeskRig("\(Self.destinations)\nsources: [{ name: b, kind: segment, rate_limit: \(Self.slow) }]")
        #expect(try (0..<3).map { try track(open, key: "k\($0)").status } == [200, 200, 429])
    }

    @Test("without limits nothing is looked up, and defaults limit nothing")
    func off() throws {
        let settings = try relaySettings(Sample.twoDestinations)
        #expect(RateLimits(settings, metrics: RelayMetrics(settings)) == nil)
    }
}
