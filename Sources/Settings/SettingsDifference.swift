/// What differs between the configuration in force and another: what a reload would change.
public struct SettingsDifference: Sendable, Equatable {
    /// Paths of the keys whose values differ, in the order in which they are read; secrets are compared, never shown.
    public let changed: [String]
    /// Those among them that a running relay cannot take up.
    public let needRestart: [String]

    public init(from old: RelaySettings, to new: RelaySettings) {
        let (before, after) = (Self.values(old), Self.values(new))
        var changed: [ConfigPath] = []
        for value in new.effective.values where before[value.path.text] != after[value.path.text] {
            changed.append(value.path)
        }
        for value in old.effective.values where after[value.path.text] == nil { changed.append(value.path) }
        self.changed = changed.map(\.text)
        needRestart = changed.filter { !ReloadScope.isLive($0.pattern) }.map(\.text)
    }

    private static func values(_ settings: RelaySettings) -> [String: EffectiveValue] {
        var values: [String: EffectiveValue] = [:]
        for value in settings.effective.values { values[value.path.text] = value }
        return values
    }
}

extension EffectiveValue: Equatable {
    /// The origin does not count: the same value from another line is no change.
    static func == (one: EffectiveValue, other: EffectiveValue) -> Bool {
        one.text == other.text && one.secrets == other.secrets
    }
}

/// Which keys a running relay takes up. What is not named here needs a restart, so a new key does until it is.
enum ReloadScope {
    /// Keys, and sections for all keys below them.
    ///
    /// Names of sources and destinations are labels of metrics and names of queues, which are made at start; so are
    /// listeners, threads, the journal and the upstream client. What is queued was accepted for its destination's account.
    static let live = [
        "listen.path_prefix", "listen.collect_paths", "listen.trusted_proxies", "listen.forwarded_header",
        "listen.measurement_protocol_errors", "listen.rate_limit", "listen.limits.compressed_body_bytes",
        "listen.limits.inflate_ratio",
        "listen.limits.segment", "admin.token", "admin.token_file", "upstream.url", "destinations", "sources",
        "mappings", "privacy", "delivery.max_batch", "delivery.linger", "delivery.retry_base", "delivery.retry_cap",
        "delivery.retry_after_cap", "delivery.pause", "drain", "log.level",
    ]
    static let fixed = ["destinations.name", "destinations.ad_account_id", "sources.name"]

    /// - Parameter pattern: a key's path without list positions.
    static func isLive(_ pattern: String) -> Bool {
        !fixed.contains(pattern) && live.contains { pattern == $0 || pattern.hasPrefix($0 + ".") }
    }
}

extension EffectiveSettings {
    /// A number that is the same for the same values and differs, most likely, for others; secrets and origins do not
    /// count. It fits a double without loss.
    public var fingerprint: Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for value in values {
            for byte in "\(value.path.text)=\(value.text)\n".utf8 {
                hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
            }
        }
        return Int(hash >> 16)
    }
}
