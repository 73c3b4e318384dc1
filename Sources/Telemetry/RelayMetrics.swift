public import RelayModel

/// The registry: a cell for every series of the closed list, made at start.
///
/// Handles are cheap to get (array indices) and may be kept. Sources and destinations are named by their index in the
/// layout; an index outside it is a fault of the program and traps.
public final class RelayMetrics: Sendable {
    public let layout: MetricLayout
    /// By metric, then by the labels' positions, the last label varying fastest.
    let cells: [[MetricCell]]
    let histograms: [RelayMetric: Histogram]
    /// Events by source, name and the set of their identifiers.
    let matches: [MetricCell]
    private let notSentPositions: [NotSentReason: Int]
    private let deadPositions: [DeadReason: Int]
    private let warningPositions: [WarningKind: Int]

    /// - Parameter startSeconds: start of the process, seconds since 1970.
    public init(layout: MetricLayout, startSeconds: Int) {
        self.layout = layout
        cells = RelayMetric.allCases.map { metric in
            let count = metric.spec.labels.reduce(1) { $0 * layout.values(of: $1).count }
            return (0..<count).map { _ in MetricCell() }
        }
        var histograms: [RelayMetric: Histogram] = [:]
        for metric in RelayMetric.allCases {
            if case .histogram(let bounds, _) = metric.spec.kind { histograms[metric] = Histogram(bounds: bounds) }
        }
        self.histograms = histograms
        let rows = layout.sources.count * MetricLayout.eventNameCount
        matches = (0..<rows * MatchIdentifiers.setCount).map { _ in MetricCell() }
        requestEvents = histograms[.requestEvents] ?? Histogram(bounds: [])
        upstreamLatency = histograms[.upstreamLatency] ?? Histogram(bounds: [])
        upstreamBatch = histograms[.upstreamBatch] ?? Histogram(bounds: [])
        journalCommit = histograms[.journalCommit] ?? Histogram(bounds: [])
        notSentPositions = Self.positions(of: NotSentReason.allCases)
        deadPositions = Self.positions(of: DeadReason.allCases)
        warningPositions = Self.positions(of: WarningKind.allCases)
        cell(.processStart).set(startSeconds)
        cell(.buildInfo).set(1)
    }

    /// Events in incoming requests.
    public let requestEvents: Histogram
    /// Duration of upstream requests, microseconds.
    public let upstreamLatency: Histogram
    /// Events in upstream requests.
    public let upstreamBatch: Histogram
    /// Duration of journal commits, microseconds.
    public let journalCommit: Histogram

    private static func positions<Value: Hashable>(of values: [Value]) -> [Value: Int] {
        Dictionary(zip(values, values.indices)) { first, _ in first }
    }

    func cell(_ metric: RelayMetric, _ position: Int = 0) -> MetricCell { cells[metric.rawValue][position] }
}

// The sums of `design.md` section 5. Each incoming event is counted once on the left and once on the right.
extension RelayMetrics {
    public func received(source: Int) -> Counter { Counter(cell: cell(.eventsReceived, source)) }
    public var fannedOut: Counter { Counter(cell: cell(.eventsFannedOut)) }
    public var recovered: Counter { Counter(cell: cell(.eventsRecovered)) }
    public func replayed(destination: Int) -> Counter { Counter(cell: cell(.eventsReplayed, destination)) }

    /// - Parameter nameCode: a ``StandardEvent`` raw value, or 255 for an advertiser-defined name.
    public func delivered(destination: Int, nameCode: UInt8) -> Counter {
        let row = destination * MetricLayout.eventNameCount
        return Counter(cell: cell(.eventsDelivered, row + MetricLayout.eventNamePosition(nameCode)))
    }

    public func queued(destination: Int) -> Gauge { Gauge(cell: cell(.eventsQueued, destination)) }

    /// - Parameter destination: nil for an event that fell before one was chosen.
    public func dead(destination: Int?, _ reason: DeadReason) -> Counter {
        let row = destination ?? layout.destinations.count
        return Counter(cell: cell(.eventsDead, row * deadPositions.count + (deadPositions[reason] ?? 0)))
    }

    public func duplicate(source: Int) -> Counter { Counter(cell: cell(.eventsDuplicate, source)) }

    public func notSent(source: Int, _ reason: NotSentReason) -> Counter {
        Counter(cell: cell(.eventsNotSent, source * notSentPositions.count + (notSentPositions[reason] ?? 0)))
    }

    /// Events handed to the journal and not yet committed.
    public var pending: Gauge { Gauge(cell: cell(.eventsPending)) }
}

// What else is counted.
extension RelayMetrics {
    public func late(destination: Int) -> Counter { Counter(cell: cell(.eventsLate, destination)) }
    public func warning(_ kind: WarningKind) -> Counter {
        Counter(cell: cell(.eventWarnings, warningPositions[kind] ?? 0))
    }

    public var deadLetters: Gauge { Gauge(cell: cell(.deadLetters)) }
    /// Set to what the journal has counted since its start.
    public var deadLettersDropped: Gauge { Gauge(cell: cell(.deadLettersDropped)) }

    public var dedupKeys: Gauge { Gauge(cell: cell(.dedupKeys)) }
    /// A count that the journal keeps.
    public var dedupKeysForgotten: Gauge { Gauge(cell: cell(.dedupKeysForgotten)) }

    /// The journal's sizes.
    public func setJournal(bytes: Int64, logBytes: Int64, headroom: Int64, damagedFiles: Int) {
        cell(.journalBytes).set(Int(clamping: bytes))
        cell(.journalLogBytes).set(Int(clamping: logBytes))
        cell(.journalHeadroom).set(Int(clamping: headroom))
        cell(.journalDamagedFiles).set(damagedFiles)
    }

    public var journalSalvaged: Counter { Counter(cell: cell(.journalSalvaged)) }

    /// - Parameter millis: when the oldest queued block was stored, since 1970; nil for an empty queue.
    public func setOldestStored(destination: Int, millis: Int64?) {
        cell(.oldestEventAge, destination).set(Int(millis ?? 0))
    }

    /// Age of the oldest queued event in whole seconds; 0 for an empty queue.
    /// - Parameter nowMillis: milliseconds since 1970.
    public func oldestAgeSeconds(destination: Int, nowMillis: Int64) -> Int64 {
        let stored = Int64(cell(.oldestEventAge, destination).value)
        return stored == 0 ? 0 : max(0, nowMillis - stored) / 1000
    }

    public func request(_ route: MetricRoute, status: Int) -> Counter {
        let statuses = MetricLayout.statuses.count + 1
        return Counter(cell: cell(.requests, route.rawValue * statuses + MetricLayout.statusPosition(status)))
    }

    /// - Parameter name: a word of the layout's faults; any other counts as `other`.
    public func fault(_ name: String) -> Counter {
        Counter(cell: cell(.inputFaults, layout.faultPositions[name] ?? layout.faults.count - 1))
    }

    public func upstreamRequest(destination: Int, _ outcome: UpstreamOutcome) -> Counter {
        let position = destination * MetricLayout.outcomeCount + outcome.rawValue
        return Counter(cell: cell(.upstreamRequests, position))
    }

    /// Requests of senders that no account was kept of.
    public var rateLimitUntracked: Counter { Counter(cell: cell(.rateLimitUntracked)) }
    /// A count that the listeners' certificate keeps.
    public var certificateReloadFailures: Gauge { Gauge(cell: cell(.certificateReloadFailures)) }

    /// How a destination stands.
    /// - Parameter stopped: why requests rest; nil while they go on.
    public func setUpstream(destination: Int, stopped: StopCause?, allowed: Int, inFlight: Int) {
        for cause in StopCause.allCases {
            let position = destination * StopCause.allCases.count + cause.rawValue
            cell(.upstreamStopped, position).set(cause == stopped ? 1 : 0)
        }
        cell(.upstreamAllowed, destination).set(allowed)
        cell(.upstreamInFlight, destination).set(inFlight)
    }

    public func upstreamRetry(destination: Int) -> Counter { Counter(cell: cell(.upstreamRetries, destination)) }
}
