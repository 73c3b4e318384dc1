import RelayModel
import RelayTestKit
import Telemetry
import Testing

@testable import RelayApp

/// What never reaches a route's own code: methods, sizes, framing, unknown paths.
@Suite("RequestDesk's refusals")
struct RequestRefusalTests {
    private static let yaml = """
        listen: { limits: { body_bytes: 2KiB } }
        destinations: [{ name: shop, ad_account_id: "1001", token: "token-of-the-shop" }]
        sources:
          - { name: backend, kind: segment, write_keys: [wk] }
          - { name: web, kind: ga4, allowed_origins: ["https://shop.example"] }
        """
    private let origin = "https://shop.example"
    private let tooMuch = Array(String(repeating: "x", count: 3_000).utf8)
    private let rig: DeskRig

    init() throws { rig = try DeskRig(Self.yaml) }

    private func send(
        _ method: String, _ target: String, body: [UInt8] = [], origin: String? = nil
    ) throws -> TestHTTPClient.Answer {
        try TestHTTPClient.send(
            method, port: rig.port, target, headers: origin.map { ["Origin": $0] } ?? [:], body: body)
    }

    @Test("the tag's route answers any method alike, and counts the odd ones", arguments: ["PUT", "PATCH", "DELETE"])
    func tagMethods(_ method: String) throws {
        for path in ["/g/collect", "/some/path/g/collect"] {
            let answer = try send(method, path, origin: origin)
            #expect(answer.status == 204, "\(path)")
            #expect(answer.body.isEmpty)
            #expect(answer.headers["access-control-allow-origin"] == origin)
            #expect(answer.headers["cache-control"] == "no-store")
        }
        #expect(rig.metrics.request(.ga4Collect, status: 204).value == 2)
        #expect(rig.metrics.fault("method_not_allowed").value == 2)
        #expect(rig.metrics.received(source: 1).value == 0)
    }

    @Test("HEAD on the tag's route is no fault")
    func tagHead() throws {
        #expect(try send("HEAD", "/g/collect").status == 204)
        #expect(rig.metrics.fault("method_not_allowed").value == 0)
    }

    @Test("a body over the cap: the tag and the Measurement Protocol see nothing of it, API routes tell it")
    func tooLarge() throws {
        let hit = try send("POST", "/g/collect?v=2&tid=G-1", body: tooMuch, origin: origin)
        #expect(hit.status == 204)
        #expect(hit.body.isEmpty)
        #expect(hit.headers["access-control-allow-origin"] == origin)
        #expect(try send("POST", "/mp/collect?measurement_id=G-1", body: tooMuch).status == 204)
        for path in ["/v1/batch", "/debug/mp/collect"] {
            let answer = try send("POST", path, body: tooMuch, origin: origin)
            #expect(answer.status == 413)
            #expect(answer.json()["code"] as? String == "body_too_large")
            #expect(answer.headers["access-control-allow-origin"] == origin)
        }
        let shaped = try send("POST", "/v5/ad_accounts/1001/events", body: tooMuch)
        #expect(shaped.status == 413)
        #expect(shaped.json()["code"] as? Int == 4196)
        #expect(try send("POST", "/nowhere", body: tooMuch).json()["code"] as? String == "body_too_large")
        #expect(rig.metrics.fault("body_too_large").value == 5)
        for (route, status) in [(MetricRoute.ga4Collect, 204), (.batch, 413), (.pinterestEvents, 413), (.other, 413)] {
            #expect(rig.metrics.request(route, status: status).value == 1, "\(route)")
        }
    }

    @Test("a strict Measurement Protocol route tells the size")
    func strictMeasurementProtocol() throws {
        let strict = try DeskRig(
            Self.yaml.replacing("limits: {", with: "measurement_protocol_errors: strict, limits: {"))
        let answer = try TestHTTPClient.send("POST", port: strict.port, "/mp/collect", body: tooMuch)
        #expect(answer.status == 413)
    }

    @Test("contradictory framing is told on every route, under its label, and ends the connection")
    func framing() throws {
        for (path, route) in [("/g/collect", MetricRoute.ga4Collect), ("/v1/track", .track), ("/nowhere", .other)] {
            let request =
                "POST \(path) HTTP/1.1\r\nHost: h\r\nOrigin: \(origin)\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx"
            let answer = String(
                decoding: try TestHTTPClient.exchange(Array(request.utf8), port: rig.port), as: UTF8.self)
            #expect(answer.hasPrefix("HTTP/1.1 400"))
            #expect(answer.contains("\r\nConnection: close\r\n"))
            #expect(rig.metrics.request(route, status: 400).value == 1, "\(path)")
        }
    }

    @Test("what never becomes a request counts as unparsed, by status, and under no route")
    func unparsed() throws {
        let requests = [
            "GET /g/collect HTTP/1.1\nHost: h\n\n", "GET /g/collect HTTP/1.1\r\nno colon\r\n\r\n",
            "POST /g/collect HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999\r\n\r\n",
            "BREW /g/collect HTTP/1.1\r\nHost: h\r\n\r\n",
        ]
        for request in requests { _ = try TestHTTPClient.exchange(Array(request.utf8), port: rig.port) }
        #expect(rig.metrics.request(.unparsed, status: 400).value == 2)
        #expect(rig.metrics.request(.unparsed, status: 413).value == 1)
        #expect(rig.metrics.request(.unparsed, status: 501).value == 1)
        #expect(rig.metrics.request(.ga4Collect, status: 400).value == 0)
    }

    @Test("headers have the deadline that the settings say")
    func headerTimeout() throws {
        let slow = try DeskRig(Self.yaml.replacing("body_bytes: 2KiB", with: "body_bytes: 2KiB, header_timeout: 1s"))
        let start = ContinuousClock.now
        let answer = try TestHTTPClient.exchange(Array("GET /readyz HTTP/1.1\r\nHost: h\r\n".utf8), port: slow.port)
        #expect(answer.isEmpty)
        #expect((.milliseconds(900)...(.seconds(8))).contains(start.duration(to: .now)))
    }

    @Test("a wrong method on an API route is told with the methods that it takes, and counted under the route")
    func apiMethods() throws {
        for (method, allow) in [("DELETE", "POST, OPTIONS"), ("GET", "POST, OPTIONS"), ("HEAD", "POST, OPTIONS")] {
            let answer = try send(method, "/v1/track", origin: origin)
            #expect(answer.status == 405)
            #expect(answer.headers["allow"] == allow)
            #expect(answer.headers["access-control-allow-origin"] == origin)
        }
        #expect(try send("PUT", "/mp/collect").status == 405)
        #expect(rig.metrics.request(.track, status: 405).value == 3)
        #expect(rig.metrics.fault("method_not_allowed").value == 4)
    }

    @Test("an origin that no source allows may not read a refusal")
    func foreignOrigin() throws {
        let strict = try DeskRig(
            """
            destinations: [{ name: shop, ad_account_id: "1001", token: "token-of-the-shop" }]
            sources: [{ name: web, kind: ga4, allowed_origins: ["https://shop.example"] }]
            """)
        let answer = try TestHTTPClient.send(
            "DELETE", port: strict.port, "/g/collect", headers: ["Origin": "https://evil.example"])
        #expect(answer.status == 204)
        #expect(answer.headers["access-control-allow-origin"] == nil)
        #expect(answer.headers["vary"] == "Origin")
    }

    @Test("health routes are for GET and HEAD", arguments: ["/livez", "/readyz", "/healthz", "/healthy"])
    func health(_ path: String) throws {
        for method in ["POST", "PUT", "DELETE"] {
            let answer = try send(method, path)
            #expect(answer.status == 405, "\(method)")
            #expect(answer.headers["allow"] == "GET, HEAD")
            #expect(answer.json()["code"] as? String == "method_not_allowed")
        }
        let options = try send("OPTIONS", path)
        #expect(options.status == 204)
        #expect(options.headers["allow"] == "GET, HEAD")
        #expect(rig.metrics.request(.health, status: 405).value == 3)
    }

    @Test("an unknown path is unknown to every method", arguments: ["GET", "POST", "OPTIONS", "HEAD", "DELETE", "PUT"])
    func unknown(_ method: String) throws {
        #expect(try send(method, "/nowhere", origin: origin).status == 404)
        #expect(rig.metrics.request(.other, status: 404).value == 1)
    }
}
