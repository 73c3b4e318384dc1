// Telemetry: what the relay tells about itself: metrics, log lines, health.
//
// What it is: `RelayMetric` is the closed list of metrics, `RelayMetrics` holds their atomics and renders them;
// `JSONLinesLogHandler` writes log lines; `HealthState` holds what the loops report and `HealthReport` judges it.
// It touches no C; the log handler alone reads a clock and writes to a stream.
//
// Invariants:
// - A metric, its labels and the labels' values are known at start: nothing from outside makes a series.
// - Counting takes no lock and allocates nothing; handles are resolved by index.
// - No value here can be personal: counts, names from the configuration, words of closed lists.

/// Every metric, in the order in which they are rendered. Those of `design.md` section 5 are a contract.
public enum RelayMetric: Int, CaseIterable, Sendable {
    case eventsReceived, eventsFannedOut, eventsRecovered, eventsReplayed
    case eventsDelivered, eventsQueued, eventsDead, eventsDuplicate, eventsNotSent, eventsPending, eventsUnaccounted
    case eventsLate, eventWarnings, deadLetters, deadLettersDropped, oldestEventAge
    case dedupKeys, dedupKeysForgotten
    case eventsSendable, eventsIdentified
    case requestsReceived, requestsInFlight, requestEvents, connectionsAccepted, acceptFailures
    case requests, inputFaults, connectionsOpen, connectionsRefused, connectionsEvicted, deadlineCuts
    case requestsMalformed, rateLimitUntracked, handshakesFailed, certificateReloadFailures, repliesDropped
    case journalCommit, journalBytes, journalLogBytes, journalHeadroom, journalDamagedFiles, journalSalvaged
    case upstreamRequests, upstreamRetries, upstreamLatency, upstreamBatch
    case upstreamStopped, upstreamAllowed, upstreamInFlight
    case loopLag
    case configReloads, configLoaded, configHash
    case buildInfo, processStart
}

/// What one metric is.
public struct MetricSpec: Sendable {
    public enum Kind: Sendable, Equatable {
        case counter
        case gauge
        /// A gauge whose cell holds milliseconds since 1970, 0 for none; rendered as the seconds since then.
        case age
        /// A gauge whose cell holds milliseconds; rendered as seconds.
        case milliseconds
        /// Bucket bounds in the unit that is observed; rendered divided by `scale`.
        case histogram(bounds: [Int], scale: Int)
    }

    public let name: String
    public let kind: Kind
    public let labels: [MetricLabel]
    public let help: String

    init(_ name: String, _ kind: Kind, _ labels: [MetricLabel], _ help: String) {
        self.name = name
        self.kind = kind
        self.labels = labels
        self.help = help
    }

    init(_ name: String, _ kind: Kind, _ help: String) { self.init(name, kind, [], help) }

    /// The word behind `# TYPE`.
    public var typeName: String {
        switch kind {
        case .counter: "counter"
        case .gauge, .age, .milliseconds: "gauge"
        case .histogram: "histogram"
        }
    }
}

/// A label; its values are closed at start (``MetricLayout``).
public enum MetricLabel: String, CaseIterable, Sendable {
    case source, destination, route, status, fault, kind, outcome, version, result, cause, loop, identifier
    case eventName = "event_name"
    case notSentReason, deadReason
    /// A destination, or `none` for what fell before one was chosen.
    case destinationOrNone

    /// The label's name on the page.
    public var name: String {
        switch self {
        case .notSentReason, .deadReason: "reason"
        case .destinationOrNone: "destination"
        default: rawValue
        }
    }
}

extension RelayMetric {
    private static let latencyBounds = [50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000].map { $0 * 1000 }
    private static let commitBounds = [500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 500_000, 1_000_000]
    private static let batchBounds = [1, 10, 50, 100, 250, 500, 1000]

    /// Name, type, labels and help of this metric.
    public var spec: MetricSpec {
        switch self {
        case .eventsReceived:
            MetricSpec("pinrelay_events_received_total", .counter, [.source], "Incoming events.")
        case .eventsFannedOut:
            MetricSpec(
                "pinrelay_events_fanned_out_total", .counter,
                "Events that came to be besides the incoming ones: n - 1 for one that gave n.")
        case .eventsRecovered:
            MetricSpec("pinrelay_events_recovered_total", .counter, "Events found queued at start.")
        case .eventsReplayed:
            MetricSpec(
                "pinrelay_events_replayed_total", .counter, [.destination],
                "Dead letters that were put back into the queue.")
        case .eventsDelivered:
            MetricSpec(
                "pinrelay_events_delivered_total", .counter, [.destination, .eventName],
                "Events that the upstream has taken.")
        case .eventsQueued:
            MetricSpec("pinrelay_events_queued", .gauge, [.destination], "Events stored and not yet settled.")
        case .eventsDead:
            MetricSpec(
                "pinrelay_events_dead_total", .counter, [.destinationOrNone, .deadReason],
                "Events that cannot be delivered and are kept as dead letters.")
        case .eventsDuplicate:
            MetricSpec("pinrelay_events_duplicate_total", .counter, [.source], "Repeats of events already taken.")
        case .eventsNotSent:
            MetricSpec(
                "pinrelay_events_not_sent_total", .counter, [.source, .notSentReason],
                "Events that are not meant to be sent, or that the sender was told to keep.")
        case .eventsPending:
            MetricSpec("pinrelay_events_pending", .gauge, "Events handed to the journal and not yet committed.")
        case .eventsUnaccounted:
            MetricSpec(
                "pinrelay_events_unaccounted", .gauge,
                "received + fanned_out + recovered + replayed - delivered - queued - dead - duplicate - not_sent - pending; "
                    + "0 when idle.")
        case .eventsLate:
            MetricSpec(
                "pinrelay_events_late_total", .counter, [.destination],
                "Events that were delivered more than an hour after they happened.")
        case .eventWarnings:
            MetricSpec(
                "pinrelay_event_warnings_total", .counter, [.kind],
                "Values left out or repaired in events that are sent.")
        case .deadLetters:
            MetricSpec("pinrelay_dead_letters", .gauge, "Dead letters kept.")
        case .deadLettersDropped:
            MetricSpec(
                "pinrelay_dead_letters_dropped_total", .counter,
                "Dead letters removed, oldest first, to keep within their bounds of age and size.")
        case .oldestEventAge:
            MetricSpec(
                "pinrelay_oldest_event_age_seconds", .age, [.destination],
                "Time since the oldest queued event was stored; 0 for an empty queue.")
        case .dedupKeys:
            MetricSpec("pinrelay_dedup_keys", .gauge, "Keys of events that are remembered to know repeats by.")
        case .dedupKeysForgotten:
            MetricSpec(
                "pinrelay_dedup_keys_forgotten_total", .counter,
                "Keys that had to go before the window's end: more came than dedup.max_keys.")
        default: matchSpec ?? requestSpec ?? operationSpec
        }
    }

    private var operationSpec: MetricSpec {
        switch self {
        case .requests:
            MetricSpec("pinrelay_requests_total", .counter, [.route, .status], "Answered requests.")
        case .inputFaults:
            MetricSpec("pinrelay_input_faults_total", .counter, [.fault], "Requests whose content was refused.")
        case .connectionsOpen:
            MetricSpec("pinrelay_connections_open", .gauge, "Open connections on the public port.")
        case .connectionsRefused:
            MetricSpec(
                "pinrelay_connections_refused_total", .counter, "Connections closed at once: too many were open.")
        case .connectionsEvicted:
            MetricSpec(
                "pinrelay_connections_evicted_total", .counter,
                "Connections closed to make room for others or for their input.")
        case .deadlineCuts:
            MetricSpec(
                "pinrelay_connections_cut_total", .counter,
                "Connections cut because a request or a reply took too long.")
        case .requestsMalformed:
            MetricSpec("pinrelay_requests_malformed_total", .counter, "Requests refused for their framing.")
        case .rateLimitUntracked:
            MetricSpec(
                "pinrelay_rate_limit_untracked_total", .counter,
                "Requests let in without a look at their sender's rate: too many senders at once.")
        case .handshakesFailed:
            MetricSpec(
                "pinrelay_tls_handshakes_failed_total", .counter,
                "Connections of a TLS listener whose client spoke, and left or was cut before TLS was agreed on.")
        case .certificateReloadFailures:
            MetricSpec(
                "pinrelay_tls_certificate_reload_failures_total", .counter,
                "New certificate files that could not be used; the certificate before stays.")
        case .repliesDropped:
            MetricSpec(
                "pinrelay_replies_dropped_total", .counter, "Requests that the relay itself forgot to answer; 0.")
        case .journalCommit:
            MetricSpec(
                "pinrelay_journal_commit_seconds", .histogram(bounds: Self.commitBounds, scale: 1_000_000),
                "Duration of a journal commit with its sync.")
        case .journalBytes:
            MetricSpec("pinrelay_journal_bytes", .gauge, "What the journal's live data takes.")
        case .journalLogBytes:
            MetricSpec("pinrelay_journal_log_bytes", .gauge, "What the journal's write-ahead log takes on disk.")
        case .journalHeadroom:
            MetricSpec(
                "pinrelay_journal_headroom_bytes", .gauge,
                "How many bytes of events can be stored before senders are refused: by journal.max_bytes, and by what "
                    + "the disk has left over journal.min_free_bytes.")
        case .journalDamagedFiles:
            MetricSpec(
                "pinrelay_journal_damaged_files", .gauge,
                "Files that were found damaged and set aside, and still stand in the journal's directory.")
        case .journalSalvaged:
            MetricSpec(
                "pinrelay_journal_salvaged_events_total", .counter,
                "Events that were read from damaged files and queued again.")
        case .upstreamRequests:
            MetricSpec(
                "pinrelay_upstream_requests_total", .counter, [.destination, .outcome],
                "Finished upstream requests by class of answer.")
        case .upstreamRetries:
            MetricSpec(
                "pinrelay_upstream_retries_total", .counter, [.destination], "Batches put back to be sent again.")
        case .upstreamLatency:
            MetricSpec(
                "pinrelay_upstream_request_seconds", .histogram(bounds: Self.latencyBounds, scale: 1_000_000),
                "Duration of an upstream request.")
        case .upstreamBatch:
            MetricSpec(
                "pinrelay_upstream_batch_events", .histogram(bounds: Self.batchBounds, scale: 1),
                "Events in an upstream request.")
        case .upstreamStopped:
            MetricSpec(
                "pinrelay_upstream_stopped", .gauge, [.destination, .cause],
                "1 while requests to a destination rest. refused (401, 403, 404) and unreachable (a certificate that is "
                    + "not trusted) want a person; rate_limited and failing end by themselves.")
        case .upstreamAllowed:
            MetricSpec(
                "pinrelay_upstream_requests_allowed", .gauge, [.destination],
                "Requests that may be under way at once now; found by trying.")
        case .upstreamInFlight:
            MetricSpec("pinrelay_upstream_requests_in_flight", .gauge, [.destination], "Requests under way.")
        case .configReloads:
            MetricSpec(
                "pinrelay_config_reloads_total", .counter, [.result],
                "Reloads of the configuration; the old one stays in force but for applied.")
        case .configLoaded:
            MetricSpec(
                "pinrelay_config_loaded_timestamp_seconds", .gauge,
                "When the configuration in force was taken up, seconds since 1970.")
        case .configHash:
            MetricSpec(
                "pinrelay_config_hash", .gauge,
                "A number made of the configuration in force without its secrets, to compare relays by.")
        case .buildInfo:
            MetricSpec("pinrelay_build_info", .gauge, [.version], "Always 1; the version stands in the label.")
        default:
            MetricSpec("process_start_time_seconds", .gauge, "Start of the process, seconds since 1970.")
        }
    }
}
