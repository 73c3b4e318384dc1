/// Lays the environment's variables (`design.md` section 7) over the file's tree. An empty variable counts as unset.
struct EnvironmentOverrides {
    /// Variables that set one key each.
    static let plain: [(variable: String, keys: [String])] = [
        ("PINRELAY_UPSTREAM_URL", ["upstream", "url"]),
        ("PINRELAY_JOURNAL_PATH", ["journal", "path"]),
        ("PINRELAY_ALLOW_VOLATILE_JOURNAL", ["journal", "allow_volatile"]),
        ("PINRELAY_THREADS", ["listen", "threads"]),
        ("PINRELAY_LOG_LEVEL", ["log", "level"]),
        ("PINRELAY_DRAIN_PRE_STOP", ["drain", "pre_stop"]),
        ("PINRELAY_DRAIN_DEADLINE", ["drain", "deadline"]),
    ]

    /// Every variable that is understood.
    static let known =
        plain.map(\.variable) + [
            "PINRELAY_CONFIG", "PINRELAY_LISTEN", "PINRELAY_ADMIN", "PINRELAY_ADMIN_TOKEN",
            "PINRELAY_ADMIN_TOKEN_FILE", "PINRELAY_TRUSTED_PROXIES", "PINRELAY_DEFAULT_REGION", "PINRELAY_TEST_MODE",
            "PINTEREST_AD_ACCOUNT_ID", "PINTEREST_CONVERSION_TOKEN", "PINTEREST_CONVERSION_TOKEN_FILE",
        ]

    let environment: [String: String]
    var root: ConfigNode
    private(set) var errors: [ConfigError] = []
    private(set) var warnings: [String] = []

    init(environment: [String: String], root: ConfigNode) {
        self.environment = environment
        self.root = root
    }

    mutating func apply() {
        for (variable, keys) in Self.plain { if let node = node(variable) { root.set(keys[...], to: node) } }
        applyEndpoint("PINRELAY_LISTEN", "listen")
        applyEndpoint("PINRELAY_ADMIN", "admin")
        applyTrustedProxies()
        if root["sources"] == nil { root.set(["sources"], to: Self.openSources) }
        applyToEach("sources", "default_region", "PINRELAY_DEFAULT_REGION")
        if let admin = secret("PINRELAY_ADMIN_TOKEN") { replaceAdminToken(admin) }
        applyAccount()
        applyToEach("destinations", "test_mode", "PINRELAY_TEST_MODE")
        warnOfMisspelt()
    }

    /// The sources of a configuration that names none: both kinds, open to any key and any origin.
    private static var openSources: ConfigNode {
        let kinds = ["ga4", "segment"].map { kind in
            let word = ConfigNode(content: .scalar(kind), origin: .standard)
            return ConfigNode(
                content: .map([
                    ConfigEntry(key: "name", origin: .standard, value: word),
                    ConfigEntry(key: "kind", origin: .standard, value: word),
                ]), origin: .standard)
        }
        return ConfigNode(content: .list(kinds), origin: .standard)
    }

    private func node(_ variable: String) -> ConfigNode? {
        guard let text = environment[variable], !text.isEmpty else { return nil }
        return ConfigNode(content: .scalar(text), origin: .environment(variable: variable))
    }

    /// `address:port`, `[address]:port` or `:port`.
    private mutating func applyEndpoint(_ variable: String, _ section: String) {
        guard let text = environment[variable], !text.isEmpty else { return }
        let origin = ConfigOrigin.environment(variable: variable)
        guard let colon = text.lastIndex(of: ":"), colon < text.index(before: text.endIndex) else {
            errors.append(ConfigError(path: variable, message: "expected address:port"))
            return
        }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        if !host.isEmpty {
            root.set([section, "address"], to: ConfigNode(content: .scalar(String(host)), origin: origin))
        }
        let port = String(text[text.index(after: colon)...])
        root.set([section, "port"], to: ConfigNode(content: .scalar(port), origin: origin))
    }

    private mutating func applyTrustedProxies() {
        let variable = "PINRELAY_TRUSTED_PROXIES"
        guard let text = environment[variable], !text.isEmpty else { return }
        let origin = ConfigOrigin.environment(variable: variable)
        let blocks = text.split { $0 == "," || $0 == " " }
            .map { ConfigNode(content: .scalar(String($0)), origin: origin) }
        root.set(["listen", "trusted_proxies"], to: ConfigNode(content: .list(blocks), origin: origin))
    }

    private mutating func applyToEach(_ list: String, _ key: String, _ variable: String) {
        guard let value = node(variable), let listed = root[list], var items = listed.items else { return }
        for index in items.indices { items[index].set([key], to: value) }
        root.set([list], to: ConfigNode(content: .list(items), origin: listed.origin))
    }

    /// The entry (`token` or `token_file`) that a variable or its `_FILE` form gives.
    private mutating func secret(_ variable: String) -> ConfigEntry? {
        let inline = node(variable)
        let file = node(variable + "_FILE")
        if inline != nil, file != nil {
            errors.append(ConfigError(path: variable, message: "\(variable)_FILE is set as well: keep one of the two"))
            return nil
        }
        if let inline { return ConfigEntry(key: "token", origin: inline.origin, value: inline) }
        return file.map { ConfigEntry(key: "token_file", origin: $0.origin, value: $0) }
    }

    private mutating func replaceAdminToken(_ entry: ConfigEntry) {
        var admin = root["admin"] ?? .emptyMap(entry.origin)
        Self.replaceToken(in: &admin, by: entry)
        root.set(["admin"], to: admin)
    }

    private static func replaceToken(in node: inout ConfigNode, by entry: ConfigEntry) {
        node.remove("token")
        node.remove("token_file")
        node.set([entry.key], to: entry.value)
    }

    /// The account's variables make a destination where the file has none, and override the one that it has. Of
    /// several, they override the token of the one with the variable's account; a token alone overrides none.
    private mutating func applyAccount() {
        let account = node("PINTEREST_AD_ACCOUNT_ID")
        let token = secret("PINTEREST_CONVERSION_TOKEN")
        guard account != nil || token != nil else { return }
        let listed = root["destinations"] ?? ConfigNode(content: .list([]), origin: .standard)
        guard var items = listed.items else { return }
        if items.isEmpty {
            let name = ConfigNode(content: .scalar("pinterest"), origin: .standard)
            let entry = ConfigEntry(key: "name", origin: .standard, value: name)
            items = [ConfigNode(content: .map([entry]), origin: .standard)]
        }
        guard let index = items.count == 1 ? 0 : overriddenIndex(items, account) else { return }
        if let account { items[index].set(["ad_account_id"], to: account) }
        if let token { Self.replaceToken(in: &items[index], by: token) }
        root.set(["destinations"], to: ConfigNode(content: .list(items), origin: listed.origin))
    }

    private mutating func overriddenIndex(_ items: [ConfigNode], _ account: ConfigNode?) -> Int? {
        guard case .scalar(let wanted) = account?.content else { return nil }
        let found = items.firstIndex { item in
            if case .scalar(let own) = item["ad_account_id"]?.content { own == wanted } else { false }
        }
        if found == nil {
            let message = "the file has several destinations, and none with this account: there is none to override"
            errors.append(ConfigError(path: "PINTEREST_AD_ACCOUNT_ID", message: message))
        }
        return found
    }

    private mutating func warnOfMisspelt() {
        let ours = environment.keys.filter { $0.hasPrefix("PINRELAY_") || $0.hasPrefix("PINTEREST_") }
        for name in ours.sorted() where !Self.known.contains(name) {
            guard let meant = KeySpelling.nearest(to: name, among: Self.known) else { continue }
            warnings.append("the variable \(name) is not known and has no effect; did you mean \(meant)?")
        }
    }
}
