import RelayModel

// Reading `destinations` and `sources`, and what must hold between them; see `NetworkSettings+Reading`.
extension DestinationSettings {
    private static let nextStep = """
        no ad account is configured: set PINTEREST_AD_ACCOUNT_ID and PINTEREST_CONVERSION_TOKEN (or \
        PINTEREST_CONVERSION_TOKEN_FILE), or list a destination in the file given with --config; \
        `pinrelay demo` needs no account
        """

    static func list(reading root: ConfigSection) -> [DestinationSettings] {
        let list = root.sections("destinations", DestinationSettings.init(reading:)) ?? []
        if list.isEmpty, root.node?["destinations"]?.items?.isEmpty ?? true { root.fault("destinations", nextStep) }
        root.refuseRepeats("destinations", list.map(\.name), what: "the name")
        root.refuseRepeats("destinations", list.map(\.adAccountID), what: "the ad account")
        return list
    }

    init(reading section: ConfigSection) {
        name = section.name()
        let account = section.text("ad_account_id", expected: "the ad account's digits", shape: .digits) { text in
            (1...20).contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        }
        if account == nil, section.node?["ad_account_id"] == nil {
            section.fault("ad_account_id", "is missing: the digits of the ad account, or PINTEREST_AD_ACCOUNT_ID")
        }
        adAccountID = account ?? ""
        let secret = section.secret("token")
        if secret == nil, section.node?["token"] == nil, section.node?["token_file"] == nil {
            section.fault("token", "is missing: set token, token_file or PINTEREST_CONVERSION_TOKEN")
        }
        token = secret ?? SecretValue("")
        testMode = section.flag("test_mode", default: false)
        if testMode {
            section.findings.warn("destination \(name) is in test mode: the upstream validates its events, no more")
        }
        rateLimit = section.rateLimit()
    }
}

extension SourceSettings {
    static func list(
        reading root: ConfigSection, destinations: [String], consent: ConsentRule
    ) -> [SourceSettings] {
        let list =
            root.sections("sources") { SourceSettings(reading: $0, destinations: destinations, consent: consent) } ?? []
        if root.node?["sources"]?.items?.isEmpty ?? false {
            root.fault("sources", "the list is empty: name a source, or remove the key to take both kinds from anyone")
        }
        root.refuseRepeats("sources", list.map(\.name), what: "the name")
        root.refuseRepeats("sources", list.flatMap(\.measurementIDs), what: "the measurement id")
        root.refuseRepeats("sources", list.flatMap(\.writeKeys), what: "a write key")
        for kind in Kind.allCases { refuseTwoOpen(list.filter { $0.kind == kind && $0.isOpen }, root) }
        warnOfOpen(list, root.findings)
        return list
    }

    /// Takes what no other source of its kind claims.
    private var isOpen: Bool { kind == .ga4 ? measurementIDs.isEmpty : writeKeys.isEmpty }

    private static func refuseTwoOpen(_ open: [SourceSettings], _ root: ConfigSection) {
        guard open.count > 1 else { return }
        let names = open.map(\.name).joined(separator: ", ")
        let key = open[0].kind == .ga4 ? "measurement_ids" : "write_keys"
        root.fault("sources", "\(names) have no \(key): only one source of a kind can take what no other claims")
    }

    private static func warnOfOpen(_ list: [SourceSettings], _ findings: ConfigFindings) {
        for source in list where source.isOpen {
            let what = source.kind == .ga4 ? "any measurement id" : "any write key"
            let origins = source.allowedOrigins.isEmpty ? " and any origin" : ""
            findings.warn("source \(source.name) is open: it takes events with \(what)\(origins)")
        }
    }

    init(reading section: ConfigSection, destinations known: [String], consent standard: ConsentRule) {
        let kind = section.kind()
        self.kind = kind ?? .ga4
        name = section.name()
        let isGA4 = kind == .ga4
        let isSegment = kind == .segment
        if isGA4 {
            section.refuse(
                ["write_keys", "write_keys_file", "anonymous_id_as_external_id", "screen_as", "consent_category"],
                "belongs to sources of kind segment")
        } else if isSegment {
            section.refuse(
                [
                    "measurement_ids", "api_secrets", "api_secrets_file", "client_id_as_external_id",
                    "ip_override_from_browser",
                ], "belongs to sources of kind ga4")
        }
        measurementIDs = isSegment ? [] : section.measurementIDs()
        apiSecrets = isSegment ? [] : section.secrets("api_secrets")
        writeKeys = isGA4 ? [] : section.secrets("write_keys")
        allowedOrigins = section.allowedOrigins()
        defaultRegion = section.region()
        destinations = section.destinations(known)
        actionSource = section.actionSource()
        viewItemAs = section.choice("view_item_as", default: .pageVisit)
        unmapped = section.unmapped()
        screenAs = isGA4 ? nil : section.screenAs()
        contentIDOrder = section.contentIDOrder()
        partnerName = section.partnerName()
        anonymousIDAsExternalID = isGA4 ? false : section.flag("anonymous_id_as_external_id", default: false)
        clientIDAsExternalID = isSegment ? false : section.flag("client_id_as_external_id", default: false)
        ipOverrideFromBrowser = isSegment ? false : section.flag("ip_override_from_browser", default: false)
        writeClickIDCookie = section.flag("write_click_id_cookie", default: false)
        consentCategory = isGA4 ? nil : section.consentCategory()
        rateLimit = RateLimitSettings(reading: section)
        consent = ConsentRule(
            reading: section, default: standard, defaultTexts: ["privacy.consent", "privacy.on_denial"])
        if isSegment, consent.policy == .require, section.node?["consent_category"] == nil {
            section.fault(
                "consent", "a Segment source without consent_category has no consent signal: it would send nothing")
        }
    }
}

extension ConfigSection {
    /// `off`, `published`, or a number a second or a minute.
    fileprivate func rateLimit() -> RequestRate? {
        let expected = "off, published, or requests a second or a minute such as 50/s or 3000/m"
        return scalar(
            "rate_limit", default: nil, expected: expected,
            render: { rate in
                guard let rate else { return "off" }
                return "\(rate.requests)/\(rate.period == .seconds(1) ? "s" : "m")"
            },
            parse: { text -> RequestRate?? in
                switch text {
                case "off", "false": return RequestRate??.some(nil)
                case "published": return RequestRate??.some(.published)
                default: return RequestRate(text).map { .some($0) }
                }
            })
    }
}

extension RequestRate {
    /// Reads `50/s` or `3000/m`; nil for anything else.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let requests = Int(parts[0]), (1...1_000_000).contains(requests),
            parts[1] == "s" || parts[1] == "m"
        else { return nil }
        self.init(requests: requests, period: parts[1] == "s" ? .seconds(1) : .seconds(60))
    }
}

extension ConsentRule {
    init(reading section: ConfigSection, default standard: ConsentRule, defaultTexts: [String] = []) {
        policy = section.choice("consent", default: standard.policy, defaultText: defaultTexts.first)
        onDenial = section.choice("on_denial", default: standard.onDenial, defaultText: defaultTexts.last)
    }
}
