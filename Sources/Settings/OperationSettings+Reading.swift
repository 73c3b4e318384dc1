// Reading `journal`, `dedup` and the other sections beside the network and the routing; see `NetworkSettings+Reading`.
extension JournalSettings {
    init(reading root: ConfigSection) {
        self = root.section("journal") { section in
            JournalSettings(
                kind: section.choice("kind", default: .sqlite),
                path: section.text("path", default: "/var/lib/pinrelay", expected: "the path of a directory"),
                maxByteCount: section.byteCount("max_bytes", default: 10 << 30, in: (16 << 20)...(1 << 50)),
                minFreeByteCount: section.byteCount("min_free_bytes", default: 64 << 20, in: 0...(1 << 50)),
                ballastByteCount: section.byteCount("ballast_bytes", default: 32 << 20, in: 0...(1 << 40)),
                allowVolatile: section.flag("allow_volatile", default: false),
                commitInterval: section.duration(
                    "commit_interval", default: .milliseconds(1), in: .zero...(.milliseconds(100))))
        }
        if allowVolatile { root.findings.warn("journal.allow_volatile is set: the journal may not outlive a restart") }
    }
}

extension DedupSettings {
    init(reading root: ConfigSection) {
        self = root.section("dedup") { section in
            DedupSettings(
                window: section.duration("window", default: .seconds(48 * 3600), in: .zero...(.seconds(30 * 86_400))),
                maxKeys: section.integer("max_keys", default: 2_000_000, in: 1000...100_000_000))
        }
    }
}

extension PrivacySettings {
    init(reading root: ConfigSection) {
        self = root.section("privacy") { section in
            let ldp = section.section("ldp") { ldp in
                (
                    states: ldp.states(), usPrivacy: ldp.flag("us_privacy", default: false),
                    gpp: ldp.flag("gpp", default: false)
                )
            }
            return PrivacySettings(
                consent: ConsentRule(reading: section, default: ConsentRule(policy: .respect, onDenial: .drop)),
                externalIDCase: section.choice("external_id_case", default: .lower),
                maidsCase: section.choice("hashed_maids_case", default: .lower),
                birthdayOrder: section.choice("birthday_order", default: .unambiguous),
                ldpStates: ldp.states, ldpFromUSPrivacy: ldp.usPrivacy, ldpFromGPP: ldp.gpp,
                gpcAsOptOut: section.flag("gpc_as_opt_out", default: false),
                personalizationDenialCounts: section.flag("personalization_denial_counts", default: false),
                scrubURLKeys: section.urlKeys("scrub_url_keys"), keepURLKeys: section.urlKeys("keep_url_keys"),
                filterBots: section.flag("filter_bots", default: true))
        }
    }
}

extension DeliverySettings {
    init(reading root: ConfigSection) {
        self = root.section("delivery") { section in
            let base = section.duration("retry_base", default: .seconds(1), in: .milliseconds(10)...(.seconds(3600)))
            let cap = section.duration("retry_cap", default: .seconds(900), in: .milliseconds(10)...(.seconds(86_400)))
            if cap < base { section.fault("retry_cap", "is shorter than retry_base") }
            return DeliverySettings(
                maxBatch: section.integer("max_batch", default: 1000, in: 1...1000),
                linger: section.duration("linger", default: .seconds(1), in: .zero...(.seconds(60))),
                retryBase: base, retryCap: cap,
                retryAfterCap: section.duration(
                    "retry_after_cap", default: .seconds(3600), in: .milliseconds(10)...(.seconds(86_400))),
                maxInFlight: section.integer("max_in_flight", default: 4, in: 1...64),
                pause: section.duration("pause", default: .seconds(60), in: .milliseconds(10)...(.seconds(86_400))),
                freshWithin: section.duration(
                    "fresh_within", default: .seconds(2700), in: .zero...(.seconds(7 * 86_400))),
                breaker: section.section("breaker", Breaker.init(reading:)))
        }
    }
}

extension DeliverySettings.Breaker {
    init(reading section: ConfigSection) {
        let open = section.duration("open", default: .seconds(30), in: .milliseconds(10)...(.seconds(3600)))
        let cap = section.duration("open_cap", default: .seconds(600), in: .milliseconds(10)...(.seconds(86_400)))
        if cap < open { section.fault("open_cap", "is shorter than open") }
        self.init(
            window: section.duration("window", default: .seconds(300), in: .milliseconds(100)...(.seconds(86_400))),
            minRequests: section.integer("min_requests", default: 10, in: 1...10_000),
            failurePercent: section.integer("failure_percent", default: 50, in: 1...100), open: open, openCap: cap)
    }
}

extension DeadLetterSettings {
    init(reading root: ConfigSection) {
        self = root.section("dead_letters") { section in
            DeadLetterSettings(
                retention: section.duration(
                    "retention", default: .seconds(30 * 86_400), in: .zero...(.seconds(3650 * 86_400))),
                maxByteCount: section.byteCount("max_bytes", default: 1 << 30, in: (64 << 10)...(1 << 40)))
        }
    }
}

extension DrainSettings {
    init(reading root: ConfigSection) {
        self = root.section("drain") { section in
            DrainSettings(
                preStop: section.duration("pre_stop", default: .seconds(5), in: .zero...(.seconds(600))),
                deadline: section.duration("deadline", default: .seconds(25), in: .zero...(.seconds(3600))))
        }
    }
}

extension LogSettings {
    init(reading root: ConfigSection) {
        self = root.section("log") { section in
            LogSettings(
                level: section.choice("level", default: .info), format: section.choice("format", default: .json))
        }
    }
}

extension ConfigSection {
    /// Names of query parameters, in lower case.
    fileprivate func urlKeys(_ key: String) -> [String] {
        list(key, expected: "the name of a query parameter", render: { $0 }) { $0.isEmpty ? nil : $0.lowercased() }
    }

    /// US states by their two letters, in upper case.
    fileprivate func states() -> [String] {
        list("states", expected: "a US state's two letters", render: { $0 }) { text in
            text.utf8.count == 2 && text.utf8.allSatisfy { (0x41...0x5a).contains($0 & 0xdf) }
                ? text.uppercased() : nil
        }
    }
}
