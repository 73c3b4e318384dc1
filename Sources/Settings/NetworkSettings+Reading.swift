import Foundation
import RelayModel

// Reading `listen`, `admin` and `upstream`: for each key its default, its range and what is said of a bad value. Faults
// and warnings are gathered by the section, so that all are told at once; a faulty key has its default meanwhile.
extension ListenSettings {
    init(reading root: ConfigSection) {
        self = root.section("listen") { section in
            return ListenSettings(
                address: section.address("address", default: "0.0.0.0"),
                port: section.integer("port", default: 8080, in: 0...65_535),
                threads: section.integer(
                    "threads", default: min(2, ProcessInfo.processInfo.activeProcessorCount), in: 1...64,
                    defaultText: "2, or 1 on one core"),
                pathPrefix: section.pathPrefix("path_prefix"),
                collectPaths: section.list(
                    "collect_paths", expected: "a path such as /collect", render: { $0 }, parse: ConfigSection.path),
                trustedProxies: section.list(
                    "trusted_proxies", expected: "an address or range such as 10.0.0.0/8 (no bits behind the prefix)",
                    render: \.description, parse: CIDRBlock.init),
                forwardedHeader: section.choice("forwarded_header", default: .auto),
                measurementProtocolErrors: section.choice("measurement_protocol_errors", default: .google),
                limits: section.section("limits", Limits.init(reading:)),
                rateLimit: RateLimitSettings(reading: section),
                tls: TLSSettings(reading: section))
        }
    }
}

extension ListenSettings.Limits {
    init(reading section: ConfigSection) {
        bodyByteCount = section.byteCount("body_bytes", default: 2 << 20, in: 1024...(256 << 20))
        compressedBodyByteCount = section.byteCount(
            "compressed_body_bytes", default: 1 << 20, in: 1024...(256 << 20))
        inflateRatio = section.integer("inflate_ratio", default: 200, in: 1...2_000)
        headerByteCount = section.byteCount("header_bytes", default: 64 << 10, in: 1024...(1 << 20))
        idleTimeout = section.duration("idle_timeout", default: .seconds(620), in: .seconds(1)...(.seconds(86_400)))
        headerTimeout = section.duration("header_timeout", default: .seconds(10), in: .seconds(1)...(.seconds(600)))
        requestTimeout = section.duration("request_timeout", default: .seconds(30), in: .seconds(1)...(.seconds(600)))
        connectionCount = section.integer("max_connections", default: 10_000, in: 1...1_000_000)
        segment = section.section("segment", ListenSettings.SegmentCaps.init(reading:))
    }
}

extension ListenSettings.SegmentCaps {
    init(reading section: ConfigSection) {
        eventByteCount = section.byteCount("event_bytes", default: 32 << 10, in: 1024...(8 << 20))
        batchByteCount = section.byteCount("batch_bytes", default: 500 << 10, in: 1024...(8 << 20))
        batchEventCount = section.integer("batch_events", default: 2_500, in: 1...100_000)
    }
}

extension AdminSettings {
    init(reading root: ConfigSection, listen: ListenSettings) {
        self = root.section("admin") { section in
            let admin = AdminSettings(
                address: section.address("address", default: "127.0.0.1"),
                port: section.integer("port", default: 9090, in: 0...65_535),
                token: section.secret("token"))
            let isLocal = NetworkAddress(admin.address)?.isLoopback ?? true
            if !isLocal, admin.token == nil {
                section.fault(
                    "token", "the admin port is bound beyond loopback: set token, token_file or PINRELAY_ADMIN_TOKEN")
            }
            if admin.port != 0, admin.port == listen.port {
                section.fault("port", "is the public port (listen.port) as well")
            }
            return admin
        }
    }
}

extension UpstreamSettings {
    init(reading root: ConfigSection) {
        self = root.section("upstream") { section in
            UpstreamSettings(
                url: section.upstreamURL("url", default: "https://api.pinterest.com"),
                connectTimeout: section.duration(
                    "connect_timeout", default: .seconds(5), in: .milliseconds(10)...(.seconds(120))),
                timeout: section.duration("timeout", default: .seconds(30), in: .milliseconds(10)...(.seconds(600))),
                maxConnections: section.integer("max_connections", default: 8, in: 1...256),
                nameCacheTime: section.duration("name_cache", default: .seconds(60), in: .zero...(.seconds(86_400))),
                caFile: section.text("ca_file", expected: "the path of a PEM file"))
        }
    }
}

extension ConfigSection {
    /// An IP address; `localhost` stands for 127.0.0.1.
    fileprivate func address(_ key: String, default standard: String) -> String {
        scalar(key, default: standard, expected: "an IP address", render: EffectiveSettings.quoted) { text in
            let address = text == "localhost" ? "127.0.0.1" : text
            return NetworkAddress(address) == nil ? nil : address
        }
    }

    fileprivate func pathPrefix(_ key: String) -> String {
        scalar(key, default: "", expected: "a path such as /metrics-in", render: EffectiveSettings.quoted) { text in
            let path = text.hasSuffix("/") ? String(text.dropLast()) : text
            return path.isEmpty ? "" : Self.path(path)
        }
    }

    /// The text itself when it is a path that needs no escapes.
    fileprivate static func path(_ text: String) -> String? {
        let isFit = text.hasPrefix("/") && !text.contains("//") && text.utf8.count <= 200
        return isFit && text.utf8.allSatisfy(isPathByte) ? text : nil
    }

    private static func isPathByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "/-._~".utf8.contains(byte)
        }
    }

    /// Scheme, host and perhaps port and path: nothing that hides a secret, no trailing slash.
    fileprivate func upstreamURL(_ key: String, default standard: String) -> String {
        let expected = "a URL such as https://api.pinterest.com, without user, query or fragment"
        return scalar(key, default: standard, expected: expected, render: EffectiveSettings.quoted) { text in
            guard let parts = URLComponents(string: text), let host = parts.host, !host.isEmpty else { return nil }
            guard parts.scheme == "https" || parts.scheme == "http", parts.user == nil, parts.password == nil,
                parts.query == nil, parts.fragment == nil, (parts.port ?? 1) > 0, (parts.port ?? 1) <= 65_535
            else { return nil }
            if parts.scheme == "http", !Self.isLocal(host) {
                findings.warn("upstream.url is plain http: tokens and events travel in clear")
            }
            return text.hasSuffix("/") ? String(text.dropLast()) : text
        }
    }

    private static func isLocal(_ host: String) -> Bool {
        let bare = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        return bare == "localhost" || NetworkAddress(bare)?.isLoopback ?? false
    }
}
