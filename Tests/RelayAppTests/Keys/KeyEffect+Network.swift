import Delivery
import Foundation
import Glibc
import HTTPEgress
import HTTPIngress
import Inflate
import RelayTestKit
import Settings

@testable import RelayApp

// `listen`, `admin`, `upstream`.
extension KeyEffect {
    static let network = listen + senders + limits + admin + upstream

    private static let local = "listen: { address: 127.0.0.1, port: 0, threads: 1 }\n"
    private static let journal = "journal: { path: FOLDER/j, allow_volatile: true }\n"
    /// A relay that the test may start beside others.
    private static let own = ConfigDraft.root(local + "admin: { port: 0 }\n" + journal)

    private static func listening(_ members: String) -> ConfigDraft {
        .root("listen: { \(members) }\nadmin: { port: 0 }\n" + journal)
    }

    private static func administered(_ members: String) -> ConfigDraft {
        .root(local + "admin: { \(members) }\n" + journal)
    }

    private static func status(_ port: Int, _ target: String) -> String {
        let answer = try? TestHTTPClient.get(port: port, target)
        return answer.map { "status \($0.status)" } ?? "nobody there"
    }

    private static let publicStatus = running { relay, _ in status(relay.publicPort, "/nowhere") }
    private static let adminStatus = running { relay, _ in status(relay.adminPort, "/metrics") }

    /// A port that was free a moment ago.
    private static let freePorts: [Int] = (0..<2).map { _ in
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(descriptor, $0, size)
                _ = getsockname(descriptor, $0, &size)
            }
        }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    private static let forwardedFor = ["X-Forwarded-For": "203.0.113.9"]

    private static let listen: [KeyEffect] = [
        KeyEffect(
            "listen.address", from: own, listening("address: 127.0.0.2, port: 0, threads: 1"), .takes("status 404"),
            publicStatus),
        KeyEffect(
            "listen.port", from: own, listening("address: 127.0.0.1, port: \(freePorts[0])"),
            .gives("<\(freePorts[0])>"), running { relay, _ in "<\(relay.publicPort)>" }),
        KeyEffect(
            "listen.threads", from: own, listening("address: 127.0.0.1, port: 0, threads: 3"), .gives("3 threads"),
            running { relay, _ in "\(relay.ingress.count) threads" }),
        KeyEffect(
            "listen.path_prefix", .root("listen: { path_prefix: /tags }"), .gives("status 200"),
            request("POST", "/tags/v1/track", Array(orderBody().utf8))),
        KeyEffect(
            "listen.collect_paths", .root("listen: { collect_paths: [/c] }"), .gives("status 204"),
            request("GET", "/c?v=2&tid=G-1&cid=1.2&en=purchase")),
        KeyEffect(
            "listen.trusted_proxies", .root(trusting + " }"), .gives("203.0.113.9"), hit(headers: forwardedFor)),
        KeyEffect(
            "listen.forwarded_header", from: .root(trusting + " }"),
            .root(trusting + ", forwarded_header: forwarded }"),
            .takes("203.0.113.9"), hit(headers: forwardedFor)),
        KeyEffect(
            "listen.measurement_protocol_errors", .root("listen: { measurement_protocol_errors: strict }"),
            .gives("status 400"), request("POST", "/mp/collect?measurement_id=G-1", Array("{".utf8))),
    ]

    /// Two requests, one behind the other.
    private static let twice: Look = { trial in
        let rig = try DeskRig(settings: try trial.settings())
        let answers = try (0..<2).map { _ in try TestHTTPClient.post(port: rig.port, "/v1/track", orderBody()) }
        return answers.map { "status \($0.status)" }.joined(separator: "\n")
    }

    private static let senders: [KeyEffect] = [
        KeyEffect(
            "listen.rate_limit.requests_per_second", from: .root("listen: { rate_limit: { burst: 1 } }"),
            .root("listen: { rate_limit: { requests_per_second: 1, burst: 1 } }"), .gives("status 429"), twice),
        KeyEffect(
            "listen.rate_limit.burst", from: .root("listen: { rate_limit: { requests_per_second: 1, burst: 1 } }"),
            .root("listen: { rate_limit: { requests_per_second: 1, burst: 2 } }"), .takes("status 429"), twice),
        KeyEffect(
            "sources.rate_limit.requests_per_second", from: .backend("rate_limit: { burst: 1 }"),
            .backend("rate_limit: { requests_per_second: 1, burst: 1 }"), .gives("status 429"), twice),
        KeyEffect(
            "sources.rate_limit.burst", from: .backend("rate_limit: { requests_per_second: 1, burst: 1 }"),
            .backend("rate_limit: { requests_per_second: 1, burst: 2 }"), .takes("status 429"), twice),
        // A relay asks for the files that the keys name.
        KeyEffect(
            "listen.tls.certificate", from: own, secured("certificate: /no.pem, key: k"), .gives("/no.pem"), start),
        KeyEffect(
            "listen.tls.key", from: secured("certificate: c, key: k"), secured("certificate: c, key: /no.key"),
            .gives("/no.key"), value { $0.listen.tls?.key ?? "" }),
    ]

    private static func secured(_ members: String) -> ConfigDraft {
        listening("address: 127.0.0.1, port: 0, threads: 1, tls: { \(members) }")
    }

    /// What a relay says that cannot start.
    private static let start: Look = { trial in
        do {
            return try running { _, _ in "started" }(trial)
        } catch {
            return "\(error)"
        }
    }

    private static func limited(_ members: String) -> ConfigDraft { .root("listen: { limits: { \(members) } }") }

    private static func limit(_ read: @escaping @Sendable (IngressLimits) -> some Any) -> Look {
        value { read(IngressLimits($0.listen.limits, share: 1)) }
    }

    private static let longOrder = Array(
        orderBody(#""properties":{"coupon":""# + String(repeating: "x", count: 2000) + #""}"#).utf8)
    private static let batch = #"{"writeKey":"wk","batch":[\#(Sample.order("1")),\#(Sample.order("2"))]}"#
    private static let gzip = ["Content-Encoding": "gzip"]

    /// A batch that is long when it is inflated.
    private static let shrunk = Compression.gzip.compress(Array((batch + String(repeating: " ", count: 200_000)).utf8))

    /// A batch that stays long when it is compressed.
    private static let incompressible: [UInt8] = {
        var random = SeededRandom(seed: 7)
        let noise = (0..<4000).map { _ in String(UInt8.random(in: 97...122, using: &random), radix: 36) }.joined()
        let item = Sample.order("1").dropLast() + #","properties":{"coupon":"\#(noise)"}}"#
        return Compression.gzip.compress(Array(Sample.batch([String(item)]).utf8))
    }()

    private static let limits: [KeyEffect] = [
        KeyEffect(
            "listen.limits.body_bytes", limited("body_bytes: 1KiB"), .gives("status 413"),
            request("POST", "/v1/track", longOrder)),
        KeyEffect(
            "listen.limits.compressed_body_bytes", limited("compressed_body_bytes: 1KiB"), .gives("status 413"),
            request("POST", "/v1/batch", headers: gzip, incompressible)),
        KeyEffect(
            "listen.limits.inflate_ratio", from: limited("inflate_ratio: 2000"), limited("inflate_ratio: 2"),
            .gives("status 413"), request("POST", "/v1/batch", headers: gzip, shrunk)),
        KeyEffect(
            "listen.limits.header_bytes", limited("header_bytes: 1KiB"), .gives("status 400"),
            hit(headers: ["X-Long": String(repeating: "x", count: 2000)])),
        KeyEffect(
            "listen.limits.idle_timeout", limited("idle_timeout: 7s"), .gives("<7.0 seconds>"), limit(\.idleTimeout)),
        KeyEffect(
            "listen.limits.header_timeout", limited("header_timeout: 7s"), .gives("<7.0 seconds>"),
            limit(\.headerDeadline)),
        KeyEffect(
            "listen.limits.request_timeout", limited("request_timeout: 7s"), .gives("<7.0 seconds>"),
            limit(\.requestDeadline)),
        KeyEffect(
            "listen.limits.max_connections", limited("max_connections: 7"), .gives("<7>"), limit(\.maxConnections)),
        KeyEffect(
            "listen.limits.segment.event_bytes", limited("segment: { event_bytes: 1KiB }"), .gives("status 400"),
            request("POST", "/v1/track", longOrder)),
        KeyEffect(
            "listen.limits.segment.batch_bytes", limited("segment: { batch_bytes: 1KiB }"), .gives("status 413"),
            request("POST", "/v1/batch", Array((batch + String(repeating: " ", count: 2000)).utf8))),
        KeyEffect(
            "listen.limits.segment.batch_events", limited("segment: { batch_events: 1 }"), .gives("status 400"),
            request("POST", "/v1/batch", Array(batch.utf8))),
    ]

    private static let admin: [KeyEffect] = [
        KeyEffect(
            "admin.address", from: own, administered("address: 127.0.0.2, port: 0"), .takes("status 200"), adminStatus),
        KeyEffect(
            "admin.port", from: own, administered("port: \(freePorts[1])"), .gives("<\(freePorts[1])>"),
            running { relay, _ in "<\(relay.adminPort)>" }),
        KeyEffect("admin.token", from: own, administered("port: 0, token: sesame"), .gives("status 401"), adminStatus),
        KeyEffect(
            "admin.token_file", from: own, administered("port: 0, token_file: /secret"), .gives("status 401"),
            adminStatus),
    ]

    private static func client(_ read: @escaping @Sendable (EgressLimits) -> some Any) -> Look {
        value { read(EgressLimits($0)) }
    }

    private static let upstream: [KeyEffect] = [
        KeyEffect(
            "upstream.url", .root("upstream: { url: \"http://127.0.0.1:9\" }"), .gives("<http://127.0.0.1:9>"),
            value { Delivery.DeliverySettings($0).destinations[0].urlBase }),
        KeyEffect(
            "upstream.connect_timeout", .root("upstream: { connect_timeout: 7s }"), .gives("<7.0 seconds>"),
            client(\.connectTimeout)),
        KeyEffect(
            "upstream.timeout", .root("upstream: { timeout: 7s }"), .gives("<7.0 seconds>"), client(\.totalTimeout)),
        KeyEffect(
            "upstream.max_connections", .root("upstream: { max_connections: 7 }"), .gives("<7>"),
            client(\.maxConnections)),
        KeyEffect(
            "upstream.name_cache", .root("upstream: { name_cache: 7s }"), .gives("<7.0 seconds>"),
            client(\.nameCacheTime)),
        KeyEffect(
            "upstream.ca_file", .root("upstream: { ca_file: /own.pem }"), .gives("/own.pem"),
            value { EgressIdentity($0).authorityFile ?? "" }),
    ]
}
