import RelayModel
import Testing

@testable import Telemetry

@Suite("RelayMetrics")
struct RelayMetricsTests {
    private static func registry(
        sources: [String] = ["web", "back"], destinations: [String] = ["shop"]
    ) -> RelayMetrics {
        let layout = MetricLayout(sources: sources, destinations: destinations, faults: ["not_json"], version: "1.2.3")
        return RelayMetrics(layout: layout, startSeconds: 1_700_000_000)
    }

    private static func lines(_ metrics: RelayMetrics, nowMillis: Int64 = 0) -> [String] {
        String(decoding: metrics.render(nowMillis: nowMillis), as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test(
        "every metric of the list has a valid name of its own, help, and one HELP and TYPE on the page",
        arguments: RelayMetric.allCases)
    func walksTheList(_ metric: RelayMetric) throws {
        let spec = metric.spec
        #expect(spec.name.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil)
        #expect(spec.name.hasPrefix("pinrelay_") || spec.name == "process_start_time_seconds")
        #expect(spec.help.hasSuffix("."))
        #expect(spec.name.hasSuffix("_total") == (spec.kind == .counter))
        #expect(RelayMetric.allCases.filter { $0.spec.name == spec.name }.count == 1)
        let lines = Self.lines(Self.registry())
        #expect(lines.filter { $0.hasPrefix("# HELP \(spec.name) ") }.count == 1)
        #expect(lines.filter { $0 == "# TYPE \(spec.name) \(spec.typeName)" }.count == 1)
    }

    @Test(
        "the contract's names and labels are there",
        arguments: [
            "pinrelay_events_received_total{source=\"web\"}",
            "pinrelay_events_delivered_total{destination=\"shop\",event_name=\"checkout\"}",
            "pinrelay_events_not_sent_total{source=\"back\",reason=\"unmapped\"}",
            "pinrelay_events_duplicate_total{source=\"web\"}",
            "pinrelay_events_dead_total{destination=\"shop\",reason=\"no_identity\"}",
            "pinrelay_events_queued{destination=\"shop\"}", "pinrelay_events_unaccounted",
            "pinrelay_events_fanned_out_total", "pinrelay_events_recovered_total",
        ])
    func contract(series: String) {
        #expect(Self.lines(Self.registry()).contains(series + " 0"))
    }

    @Test("a stopped destination is shown with its one cause, and a replay on the left of the sums")
    func upstreamState() {
        let metrics = Self.registry(destinations: ["shop", "outlet"])
        metrics.setUpstream(destination: 1, stopped: .refused, allowed: 2, inFlight: 1)
        var lines = Self.lines(metrics)
        #expect(lines.contains("pinrelay_upstream_stopped{destination=\"outlet\",cause=\"refused\"} 1"))
        #expect(lines.filter { $0.hasPrefix("pinrelay_upstream_stopped{") && $0.hasSuffix(" 1") }.count == 1)
        #expect(lines.contains("pinrelay_upstream_requests_allowed{destination=\"outlet\"} 2"))
        #expect(lines.contains("pinrelay_upstream_requests_in_flight{destination=\"outlet\"} 1"))
        metrics.setUpstream(destination: 1, stopped: nil, allowed: 1, inFlight: 0)
        lines = Self.lines(metrics)
        #expect(!lines.contains { $0.hasPrefix("pinrelay_upstream_stopped{") && $0.hasSuffix(" 1") })
        metrics.dead(destination: 0, .refused).add(3)
        metrics.received(source: 0).add(3)
        metrics.replayed(destination: 0).add(3)
        metrics.queued(destination: 0).set(3)
        #expect(metrics.sums.unaccounted == 0 && metrics.sums.replayed == 3)
    }

    @Test("each count lands in its own series")
    func series() {
        let metrics = Self.registry(destinations: ["shop", "outlet"])
        metrics.received(source: 1).add(5)
        metrics.delivered(destination: 1, nameCode: StandardEvent.checkout.rawValue).add(2)
        metrics.delivered(destination: 0, nameCode: 255).add()
        metrics.notSent(source: 0, .tooOld).add(3)
        metrics.dead(destination: nil, .missingEventName).add()
        metrics.dead(destination: 1, .refused).add()
        metrics.queued(destination: 0).set(9)
        metrics.request(.batch, status: 200).add(4)
        metrics.request(.batch, status: 299).add()
        metrics.fault("not_json").add()
        metrics.fault("from outside").add()
        metrics.warning(.weakHash).add()
        metrics.upstreamRequest(destination: 1, UpstreamOutcome(status: 429)).add()
        let counted = Self.lines(metrics).filter { !$0.hasPrefix("#") && !$0.hasSuffix(" 0") }
        let expected = [
            "pinrelay_events_received_total{source=\"back\"} 5",
            "pinrelay_events_delivered_total{destination=\"shop\",event_name=\"advertiser_defined\"} 1",
            "pinrelay_events_delivered_total{destination=\"outlet\",event_name=\"checkout\"} 2",
            "pinrelay_events_queued{destination=\"shop\"} 9",
            "pinrelay_events_dead_total{destination=\"outlet\",reason=\"refused\"} 1",
            "pinrelay_events_dead_total{destination=\"none\",reason=\"missing_event_name\"} 1",
            "pinrelay_events_not_sent_total{source=\"web\",reason=\"too_old\"} 3",
            "pinrelay_events_unaccounted -12",
            "pinrelay_event_warnings_total{kind=\"weak_hash\"} 1",
            "pinrelay_requests_total{route=\"/v1/batch\",status=\"200\"} 4",
            "pinrelay_requests_total{route=\"/v1/batch\",status=\"other\"} 1",
            "pinrelay_input_faults_total{fault=\"not_json\"} 1",
            "pinrelay_input_faults_total{fault=\"other\"} 1",
            "pinrelay_upstream_requests_total{destination=\"outlet\",outcome=\"429\"} 1",
            "pinrelay_build_info{version=\"1.2.3\"} 1",
            "process_start_time_seconds 1700000000",
        ]
        #expect(counted == expected)
    }

    @Test("a histogram is cumulative, in seconds, with sum and count")
    func histogram() {
        let metrics = Self.registry()
        for micros in [500, 501, 2_000_000] { metrics.journalCommit.observe(micros) }
        let lines = Self.lines(metrics).filter { $0.hasPrefix("pinrelay_journal_commit_seconds") }
        #expect(lines.first == "pinrelay_journal_commit_seconds_bucket{le=\"0.0005\"} 1")
        #expect(lines.dropFirst().first == "pinrelay_journal_commit_seconds_bucket{le=\"0.001\"} 2")
        #expect(
            lines.suffix(4) == [
                "pinrelay_journal_commit_seconds_bucket{le=\"1\"} 2",
                "pinrelay_journal_commit_seconds_bucket{le=\"+Inf\"} 3",
                "pinrelay_journal_commit_seconds_sum 2.001001",
                "pinrelay_journal_commit_seconds_count 3",
            ])
    }

    @Test("the page keeps the text format: samples follow their TYPE, no series stands twice, values are numbers")
    func format() throws {
        let metrics = Self.registry(sources: ["we\"b\\\n"])
        metrics.request(.track, status: 200).add()
        metrics.setOldestStored(destination: 0, millis: 1000)
        let page = String(decoding: metrics.render(nowMillis: 3500), as: UTF8.self)
        #expect(page.hasSuffix("\n"))
        var family = ""
        var seen: Set<Substring> = []
        let sample = /([a-z_]+)(\{([a-z_]+="([^"\\\n]|\\[\\"n])*",?)+\})? (-?[0-9.e+-]+)/
        for line in page.split(separator: "\n") {
            if line.hasPrefix("# TYPE ") { family = String(line.split(separator: " ")[2]) }
            if line.hasPrefix("#") { continue }
            let match = try #require(try sample.wholeMatch(in: line), "\(line)")
            let name = match.1
            #expect(name == family || ["_bucket", "_sum", "_count"].contains { name == family + $0 })
            #expect(Double(match.5) != nil)
            #expect(seen.insert(line.prefix(upTo: line.lastIndex(of: " ") ?? line.endIndex)).inserted)
        }
        #expect(page.contains("source=\"we\\\"b\\\\\\n\""))
        #expect(page.contains("pinrelay_oldest_event_age_seconds{destination=\"shop\"} 2.5\n"))
    }

    @Test("match quality: each identifier is counted for itself, beside all events of the source and name")
    func matching() {
        let metrics = Self.registry()
        let checkout = StandardEvent.checkout.rawValue
        metrics.sendable(source: 0, nameCode: checkout, [.email, .phone]).add(2)
        metrics.sendable(source: 0, nameCode: checkout, [.email, .addressAndUserAgent]).add()
        metrics.sendable(source: 0, nameCode: checkout, []).add()
        metrics.sendable(source: 1, nameCode: 255, .advertisingID).add()
        let lines = Self.lines(metrics).filter {
            $0.hasPrefix("pinrelay_events_identified") || $0.contains("sendable_total{")
        }
        let web = #"source="web",event_name="checkout""#
        let back = #"source="back",event_name="advertiser_defined""#
        #expect(
            lines.filter { !$0.hasSuffix(" 0") } == [
                "pinrelay_events_sendable_total{\(web)} 4", "pinrelay_events_sendable_total{\(back)} 1",
                "pinrelay_events_identified_total{\(web),identifier=\"em\"} 3",
                "pinrelay_events_identified_total{\(web),identifier=\"ph\"} 2",
                "pinrelay_events_identified_total{\(web),identifier=\"client_ip_address_and_user_agent\"} 1",
                "pinrelay_events_identified_total{\(back),identifier=\"maids\"} 1",
            ])
        // A share of none is 0, not absent; a name that never came has no series.
        #expect(lines.contains("pinrelay_events_identified_total{\(web),identifier=\"click_id\"} 0"))
        #expect(lines.count == 14)
    }

    @Test("what the listeners count, and how late the loops are, stands in a metric each")
    func listeners() {
        let layout = MetricLayout(sources: [], destinations: [], faults: [], loops: ["a", "b"], version: "")
        let metrics = RelayMetrics(layout: layout, startSeconds: 0)
        var counts = ListenerCounts()
        (counts.connectionsOpen, counts.requestsInFlight) = (1, 2)
        (counts.connectionsAccepted, counts.connectionsRefused, counts.connectionsEvicted) = (3, 4, 5)
        (counts.deadlineCuts, counts.requestsReceived, counts.requestsMalformed) = (6, 7, 8)
        (counts.repliesDropped, counts.acceptFailures) = (9, 10)
        metrics.setListeners(counts)
        metrics.setLoopLags(millis: [0, 1250])
        let expected = [
            "connections_open 1", "requests_in_flight 2", "connections_accepted_total 3", "connections_refused_total 4",
            "connections_evicted_total 5", "connections_cut_total 6", "requests_received_total 7",
            "requests_malformed_total 8", "replies_dropped_total 9", "accept_failures_total 10",
            "loop_lag_seconds{loop=\"a\"} 0.0", "loop_lag_seconds{loop=\"b\"} 1.25",
        ]
        let lines = Self.lines(metrics)
        for line in expected { #expect(lines.contains("pinrelay_" + line), "\(line)") }
    }

    @Test("the law holds when each event is counted once on each side")
    func law() {
        let metrics = Self.registry()
        metrics.received(source: 0).add(10)
        metrics.fannedOut.add(2)
        metrics.recovered.add(3)
        metrics.delivered(destination: 0, nameCode: 0).add(6)
        metrics.queued(destination: 0).set(3)
        metrics.dead(destination: nil, .schema).add(1)
        metrics.duplicate(source: 0).add(1)
        metrics.notSent(source: 0, .unmapped).add(2)
        #expect(metrics.sums.unaccounted == 2)
        metrics.pending.add(2)
        #expect(metrics.sums.unaccounted == 0)
        #expect(Self.lines(metrics).contains("pinrelay_events_unaccounted 0"))
    }

    @Test("counts of many threads add up")
    func threads() async {
        let metrics = Self.registry()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 { group.addTask { for _ in 0..<1000 { metrics.received(source: 0).add() } } }
        }
        #expect(metrics.sums.received == 4000)
    }

    @Test(
        "statuses fall into their class",
        arguments: [
            (200, UpstreamOutcome.success), (204, .success), (301, .redirect), (429, .rateLimited), (422, .clientError),
            (503, .serverError), (100, .transport), (nil, .transport),
        ] as [(Int?, UpstreamOutcome)])
    func outcomes(status: Int?, expected: UpstreamOutcome) { #expect(UpstreamOutcome(status: status) == expected) }
}
