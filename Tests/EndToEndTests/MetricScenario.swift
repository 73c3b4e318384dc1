import Foundation
import Glibc
import RelayTestKit

/// The metrics page at one moment: sample name with labels, to value.
typealias MetricsPage = [String: Double]

/// What a relay goes through so that metrics move. To add a metric: name it in the list of a scenario that moves it, or
/// give that scenario a step that does.
enum MetricScenario: String, CaseIterable {
    case start, traffic, failingUpstream, hangingUpstream, refusedAccount, replay, slowDisk, crowd, fewDescriptors,
        fullMemory, damagedJournal
    case tls, reload

    /// The metrics that are held to move.
    var metrics: [String] {
        switch self {
        case .start:
            [
                "pinrelay_build_info", "process_start_time_seconds", "pinrelay_config_loaded_timestamp_seconds",
                "pinrelay_config_hash",
            ]
        case .reload: ["pinrelay_config_reloads_total"]
        case .traffic:
            [
                "pinrelay_events_received_total", "pinrelay_events_fanned_out_total", "pinrelay_events_delivered_total",
                "pinrelay_events_dead_total", "pinrelay_events_duplicate_total", "pinrelay_events_not_sent_total",
                "pinrelay_events_sendable_total", "pinrelay_events_identified_total", "pinrelay_events_late_total",
                "pinrelay_event_warnings_total", "pinrelay_dead_letters", "pinrelay_dedup_keys",
                "pinrelay_requests_received_total", "pinrelay_requests_total", "pinrelay_request_events",
                "pinrelay_requests_malformed_total", "pinrelay_input_faults_total",
                "pinrelay_connections_accepted_total", "pinrelay_journal_commit_seconds",
                "pinrelay_journal_log_bytes", "pinrelay_upstream_requests_total",
                "pinrelay_upstream_request_seconds", "pinrelay_upstream_batch_events",
                "pinrelay_upstream_requests_allowed",
            ]
        case .failingUpstream:
            [
                "pinrelay_events_queued", "pinrelay_oldest_event_age_seconds", "pinrelay_upstream_retries_total",
                "pinrelay_journal_bytes", "pinrelay_journal_headroom_bytes", "pinrelay_events_recovered_total",
            ]
        case .hangingUpstream: ["pinrelay_upstream_requests_in_flight"]
        case .refusedAccount: ["pinrelay_upstream_stopped"]
        case .replay: ["pinrelay_events_replayed_total"]
        case .slowDisk: ["pinrelay_events_pending", "pinrelay_requests_in_flight", "pinrelay_loop_lag_seconds"]
        case .crowd:
            [
                "pinrelay_connections_open", "pinrelay_connections_refused_total",
                "pinrelay_connections_evicted_total", "pinrelay_connections_cut_total",
            ]
        case .fewDescriptors: ["pinrelay_accept_failures_total"]
        case .tls: ["pinrelay_tls_handshakes_failed_total", "pinrelay_tls_certificate_reload_failures_total"]
        case .fullMemory: ["pinrelay_dedup_keys_forgotten_total", "pinrelay_dead_letters_dropped_total"]
        case .damagedJournal: ["pinrelay_journal_damaged_files", "pinrelay_journal_salvaged_events_total"]
        }
    }

    /// What moves only through a fault of the relay itself, or far more than a test should do, and where it is moved.
    static let elsewhere = [
        "pinrelay_rate_limit_untracked_total":
            "RateTableTests: it takes more senders at once than the table holds",
        "pinrelay_events_unaccounted": "RelayMetricsTests: 0 by law, so only counters that disagree move it",
        "pinrelay_replies_dropped_total": "RelayMetricsTests, and ReplyTests: a handler has to forget a request",
    ]

    /// Plays it.
    /// - Returns: the page at several moments.
    func play() throws -> [MetricsPage] {
        switch self {
        case .start: [[:], try RelayStack().metrics()]
        case .traffic: try playTraffic()
        case .failingUpstream: try playFailingUpstream()
        case .hangingUpstream: try playHangingUpstream()
        case .refusedAccount: try playRefusedAccount()
        case .replay: try playReplay()
        case .slowDisk: try playSlowDisk()
        case .crowd: try playCrowd()
        case .fewDescriptors: try playFewDescriptors()
        case .fullMemory: try playFullMemory()
        case .damagedJournal: try playDamagedJournal()
        case .tls: try playTLS()
        case .reload: try playReload()
        }
    }
}

extension MetricsPage {
    /// All series of a metric together; a histogram by its count.
    func sum(of metric: String) -> Double {
        filter { sample in
            let name = sample.key.prefix { $0 != "{" }
            return name == metric || name == metric + "_count"
        }.values.reduce(0, +)
    }
}

// MARK: What each one plays

extension MetricScenario {
    private static let own = ["PINTEREST_AD_ACCOUNT_ID": "", "PINTEREST_CONVERSION_TOKEN": ""]

    private static func configuration(_ more: String = "") -> String {
        """
        destinations: [{ name: shop, ad_account_id: "\(RelayStack.account)", token: \(RelayStack.token) }]
        sources: [{ name: backend, kind: segment, write_keys: [wk] }]
        \(more)
        """
    }

    private static func order(_ id: String, _ more: String = #","context":{"traits":{"email":"a@shop.example"}}"#)
        -> String
    {
        #"{"writeKey":"wk","event":"Order Completed","userId":"u","messageId":"\#(id)"\#(more)}"#
    }

    private static func post(_ port: Int, _ body: String) throws {
        _ = try TestHTTPClient.post(port: port, "/v1/track", body)
    }

    private func playTraffic() throws -> [MetricsPage] {
        let second = """
            mappings: [{ name: lead-too, trigger: 'event = "Order Completed"', event_name: lead }]
            """
        let stack = try RelayStack(configuration: Self.configuration(second), environment: Self.own)
        let before = try stack.metrics()
        let old = Date().addingTimeInterval(-7200).ISO8601Format()
        let bodies = [
            Self.order("1"), Self.order("1"), Self.order("nobody", ""), "{ broken",
            #"{"writeKey":"wk","event":"Nothing Known","userId":"u","messageId":"2"}"#,
            Self.order("3", #","timestamp":"\#(old)","context":{"traits":{"email":"b@shop.example","phone":"x1"}}"#),
        ]
        for body in bodies { try Self.post(stack.publicPort, body) }
        let smuggled = "POST /v1/track HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}"
        _ = try TestHTTPClient.exchange(Array(smuggled.utf8), port: stack.publicPort)
        _ = try stack.waitForEvents(4)
        _ = try eventually { try stack.metrics().sum(of: "pinrelay_events_delivered_total") >= 4 }
        return [before, try stack.metrics()]
    }

    private func playFailingUpstream() throws -> [MetricsPage] {
        let stack = try RelayStack(sandboxArguments: ["--status", "503"])
        var pages = [try stack.metrics()]
        for number in 0..<100 { try Self.post(stack.publicPort, Self.order("waits-\(number)")) }
        _ = try eventually {
            let now = try stack.metrics()
            return now.sum(of: "pinrelay_upstream_retries_total") > 0
                && now.sum(of: "pinrelay_oldest_event_age_seconds") > 0
        }
        // The journal's size is measured now and then.
        _ = try eventually {
            try stack.metrics().sum(of: "pinrelay_journal_bytes") > pages[0].sum(of: "pinrelay_journal_bytes")
        }
        pages.append(try stack.metrics())
        stack.relay.kill(SIGKILL)
        _ = stack.relay.exitCode()
        let (relay, _, adminPort) = try RelayStack.startRelay(upstreamPort: stack.sandboxPort, folder: stack.folder)
        pages.append(try RelayStack.metrics(adminPort: adminPort))
        relay.kill(SIGKILL)
        return pages
    }

    private func playSlowDisk() throws -> [MetricsPage] {
        let folder = TemporaryFolder()
        let faults = try DiskFaults(in: folder)
        let stack = try RelayStack(environment: try faults.environment, folder: folder)
        var pages = [try stack.metrics()]
        faults.slowSyncs(milliseconds: 4000)
        let port = stack.publicPort
        let sender = Thread { try? Self.post(port, Self.order("slow")) }
        sender.start()
        _ = try eventually {
            pages.append(try stack.metrics())
            return pages.last?.sum(of: "pinrelay_loop_lag_seconds") ?? 0 > 1
        }
        return pages
    }

    /// Room for two connections: an idle one makes way, a busy one does not, and one that stays busy is cut.
    private func playCrowd() throws -> [MetricsPage] {
        let limits = "listen: { threads: 1, limits: { max_connections: 2, request_timeout: 1s } }"
        let stack = try RelayStack(configuration: Self.configuration(limits), environment: Self.own)
        var pages = [try stack.metrics()]
        let whole = "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"
        let half = "POST /v1/track HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"
        let wanted = [
            "pinrelay_connections_evicted_total", "pinrelay_connections_refused_total",
            "pinrelay_connections_cut_total",
        ]
        _ = try eventually {
            var open: [OpenConnection] = []
            for text in [whole, whole, whole, half, half, half, half] {
                if let connection = OpenConnection(port: stack.publicPort) {
                    connection.send(text)
                    open.append(connection)
                }
                usleep(50_000)
            }
            _ = try eventually(within: 3) {
                pages.append(try stack.metrics())
                return pages.last?.sum(of: wanted[2]) ?? 0 > 0
            }
            return wanted.allSatisfy { pages.last?.sum(of: $0) ?? 0 > 0 }
        }
        return pages
    }

    private func playReload() throws -> [MetricsPage] {
        let stack = try RelayStack()
        let before = try stack.metrics()
        _ = try TestHTTPClient.send("POST", port: stack.adminPort, "/api/reload")
        return [before, try stack.metrics()]
    }

    private func playFewDescriptors() throws -> [MetricsPage] {
        let stack = try RelayStack()
        let before = try stack.metrics()
        let used = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(stack.relay.identifier)/fd").count
        try Self.limitDescriptors(of: stack.relay, to: used)
        let connections = (0..<4).compactMap { _ in OpenConnection(port: stack.publicPort) }
        usleep(500_000)
        try Self.limitDescriptors(of: stack.relay, to: 1024)
        return try withExtendedLifetime(connections) { [before, try stack.metrics()] }
    }

    private static func limitDescriptors(of relay: BinaryProcess, to count: Int) throws {
        let arguments = ["--pid", "\(relay.identifier)", "--nofile=\(count):"]
        let tool = try BinaryProcess(arguments, executable: "/usr/bin/prlimit")
        guard tool.exitCode() == 0 else { throw CocoaError(.featureUnsupported) }
    }

    private func playFullMemory() throws -> [MetricsPage] {
        let bounds = "dedup: { max_keys: 1000 }\ndead_letters: { max_bytes: 64KiB }"
        let stack = try RelayStack(configuration: Self.configuration(bounds), environment: Self.own)
        let before = try stack.metrics()
        for batch in 0..<3 {
            let items = (0..<400).map { number in
                #"{"type":"track","# + Self.order("\(batch)-\(number)").dropFirst()
                    + #",{"type":"track","event":"Order Completed","messageId":"nobody-\#(batch)-\#(number)"}"#
            }
            _ = try TestHTTPClient.post(
                port: stack.publicPort, "/v1/batch", #"{"writeKey":"wk","batch":[\#(items.joined(separator: ","))]}"#)
        }
        return [before, try stack.metrics()]
    }

    /// An account that refuses events, then takes them: what it refused is replayed.
    private func playReplay() throws -> [MetricsPage] {
        let stack = try RelayStack(sandboxArguments: ["--status", "400"])
        let before = try stack.metrics()
        try Self.post(stack.publicPort, Self.order("again"))
        _ = try eventually { try stack.metrics().sum(of: "pinrelay_dead_letters") == 1 }
        _ = try TestHTTPClient.post(port: stack.sandboxPort, "/sandbox/faults", "{}")
        _ = try TestHTTPClient.post(port: stack.adminPort, "/api/dead-letters/replay", "{}")
        return [before, try stack.metrics()]
    }

    private func playHangingUpstream() throws -> [MetricsPage] {
        let stack = try RelayStack(sandboxArguments: ["--hang"])
        var pages = [try stack.metrics()]
        try Self.post(stack.publicPort, Self.order("on its way"))
        _ = try eventually {
            pages.append(try stack.metrics())
            return pages.last?.sum(of: "pinrelay_upstream_requests_in_flight") ?? 0 > 0
        }
        return pages
    }

    private func playRefusedAccount() throws -> [MetricsPage] {
        let stack = try RelayStack(sandboxArguments: ["--status", "401"])
        var pages = [try stack.metrics()]
        try Self.post(stack.publicPort, Self.order("refused"))
        _ = try eventually {
            pages.append(try stack.metrics())
            return pages.last?.sum(of: "pinrelay_upstream_stopped") ?? 0 > 0
        }
        return pages
    }

    /// A certificate, a client that speaks plain HTTP, and a file that cannot be a key.
    private func playTLS() throws -> [MetricsPage] {
        let folder = TemporaryFolder()
        let (certificate, key) = (folder.path + "/certificate.pem", folder.path + "/key.pem")
        let made = try BinaryProcess(
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=one.example", "-keyout", key, "-out", certificate,
            ], executable: "/usr/bin/openssl")
        guard made.exitCode() == 0 else { return [] }
        let tls = "listen: { tls: { certificate: \(certificate), key: \(key) } }"
        let stack = try RelayStack(configuration: Self.configuration(tls), environment: Self.own)
        let before = try stack.metrics()
        _ = try? TestHTTPClient.exchange(Array("GET / HTTP/1.1\r\n\r\n".utf8), port: stack.publicPort)
        try "nothing".write(toFile: key, atomically: true, encoding: .utf8)
        _ = try eventually {
            try stack.metrics().sum(of: "pinrelay_tls_certificate_reload_failures_total") > 0
        }
        return [before, try stack.metrics()]
    }

    /// Ends a relay with events in its journal, writes over a page that holds some of them, and starts it again.
    private func playDamagedJournal() throws -> [MetricsPage] {
        let stack = try RelayStack(
            environment: ["PINRELAY_DRAIN_DEADLINE": "1"], sandboxArguments: ["--hang"])
        let before = try stack.metrics()
        for number in 0..<60 { try Self.post(stack.publicPort, Self.order("damaged-\(number)")) }
        stack.relay.kill(SIGTERM)
        _ = stack.relay.exitCode()
        let file = URL(fileURLWithPath: stack.folder.path + "/journal/journal.sqlite")
        var bytes = try Data(contentsOf: file)
        let pages = stride(from: 4096, to: bytes.count, by: 4096).filter { page in
            bytes[page] == 0x0d && bytes[page..<page + 4096].range(of: Data("damaged-".utf8)) != nil
        }
        for page in pages.dropFirst(2).prefix(1) { for at in page..<page + 4096 { bytes[at] = 0xAB } }
        try bytes.write(to: file)
        let (relay, _, adminPort) = try RelayStack.startRelay(upstreamPort: stack.sandboxPort, folder: stack.folder)
        var last = MetricsPage()
        _ = try eventually(within: 20) {
            last = try RelayStack.metrics(adminPort: adminPort)
            return last.sum(of: "pinrelay_journal_salvaged_events_total") > 0
        }
        relay.kill(SIGKILL)
        return [before, last]
    }
}
