/// What arrived, in bounded memory: counts are exact, bodies and single ids are kept up to a cap.
struct SandboxRecorder {
    /// Different event names beyond this are counted, but not by name.
    private static let maxNames = 1_000
    private let maxIDs: Int
    private let maxBodies: Int
    private let maxBodyBytes: Int

    private var summary = SandboxSummary()
    private var names: [String] = []
    private var nameIndex: [String: Int32] = [:]
    private var counts: [Arrival: Tally] = [:]
    /// Of the first arrival, milliseconds since 1970: others are kept as their distance.
    private var startMillis: Int64?
    /// The latest accepted bodies, newest last.
    private(set) var bodies: [[UInt8]] = []
    private var bodyBytes = 0

    init(_ settings: SandboxSettings) {
        maxIDs = settings.keepIDs
        maxBodies = settings.keepBodies
        maxBodyBytes = settings.keepBodyBytes
    }

    /// Counts one answered (or deliberately not answered) request.
    mutating func recordRequest(status: Int) {
        summary.requests += 1
        summary.requestsByStatus[status, default: 0] += 1
    }

    /// Takes in the events of an accepted request.
    /// - Parameter nowMillis: milliseconds since 1970.
    mutating func record(_ events: [JudgedEvent], isTest: Bool, body: [UInt8], nowMillis: Int64) {
        let start = startMillis ?? nowMillis
        startMillis = start
        let millis = UInt32(clamping: nowMillis - start)
        for event in events {
            if !event.isProcessed {
                summary.failedEvents += 1
            } else if isTest {
                summary.testEvents += 1
            } else {
                record(event, millis)
            }
        }
        keep(body)
    }

    /// Forgets everything.
    mutating func reset() {
        summary = SandboxSummary()
        names = []
        nameIndex = [:]
        counts = [:]
        startMillis = nil
        bodies = []
        bodyBytes = 0
    }

    var snapshot: SandboxSummary {
        var snapshot = summary
        snapshot.uniqueIDs = counts.count
        return snapshot
    }

    /// How often each id arrived, with its event name, since the upstream tells repeats by both; in no order.
    func arrivals(atLeast minimum: Int, limit: Int) -> [SandboxArrival] {
        var found: [SandboxArrival] = []
        for (key, tally) in counts where tally.count >= minimum && found.count < limit {
            found.append(
                SandboxArrival(
                    eventID: key.id, eventName: names[Int(key.name)], count: Int(tally.count),
                    firstMillis: (startMillis ?? 0) + Int64(tally.firstMillis)))
        }
        return found
    }

    private mutating func record(_ event: JudgedEvent, _ millis: UInt32) {
        summary.events += 1
        guard let name = index(of: event.name) else { return summary.untrackedEvents += 1 }
        summary.eventsByName[event.name, default: 0] += 1
        let key = Arrival(id: event.id, name: name)
        if let tally = counts[key] {
            counts[key] = Tally(count: tally.count &+ 1, firstMillis: tally.firstMillis)
            summary.duplicates += 1
        } else if counts.count < maxIDs {
            counts[key] = Tally(count: 1, firstMillis: millis)
        } else {
            summary.untrackedEvents += 1
        }
    }

    private mutating func index(of name: String) -> Int32? {
        if let index = nameIndex[name] { return index }
        guard names.count < Self.maxNames else { return nil }
        let index = Int32(names.count)
        names.append(name)
        nameIndex[name] = index
        return index
    }

    private mutating func keep(_ body: [UInt8]) {
        guard maxBodies > 0, body.count <= maxBodyBytes else { return }
        bodies.append(body)
        bodyBytes += body.count
        while bodies.count > maxBodies || bodyBytes > maxBodyBytes { bodyBytes -= bodies.removeFirst().count }
    }

    private struct Tally {
        var count: Int32
        /// From the first arrival of all.
        var firstMillis: UInt32
    }

    private struct Arrival: Hashable {
        var id: String
        var name: Int32
    }
}

/// How often one event arrived.
public struct SandboxArrival: Sendable, Equatable {
    public let eventID: String
    public let eventName: String
    public let count: Int
    /// When it arrived first, milliseconds since 1970.
    public let firstMillis: Int64
}

/// The sums of what arrived. Events are processed events outside test mode, unless the name says otherwise.
public struct SandboxSummary: Sendable, Equatable {
    public var requests = 0
    /// By the answer's status; 0 for requests that were left without an answer.
    public var requestsByStatus: [Int: Int] = [:]
    public var events = 0
    public var eventsByName: [String: Int] = [:]
    /// Different pairs of event id and event name.
    public var uniqueIDs = 0
    /// Events whose id and name had arrived before.
    public var duplicates = 0
    public var failedEvents = 0
    /// Processed events of test requests.
    public var testEvents = 0
    /// Events counted in `events` but beyond the caps, so missing from ids (and from names, if the name was new).
    public var untrackedEvents = 0
}
