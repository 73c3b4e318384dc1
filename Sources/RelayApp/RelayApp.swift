// RelayApp: joins the rooms. It builds them from the settings, starts their threads, and ends them in order; it is the
// only module that knows both ends.
//
// Threads and what they own: see the README. Invariants: every room is complete before the first listener opens; the
// journal is closed last; nothing here decides on an event.

import Delivery
import HTTPEgress
import HTTPIngress
import Inspector
import Journal
import JournalSQLite
public import Logging
import Reactor
import RelayModel
public import Settings
import Telemetry

/// A relay with all its threads, running from `init` until ``stop()``.
public final class RelayApp {
    /// The relay's version, as in metrics, logs and the upstream's `User-Agent`.
    public static let version = "0.1.0"

    public let publicPort: Int
    public let adminPort: Int
    let log: Logger
    let reloader: ConfigReloader
    let journal: SQLiteJournal
    let metrics: RelayMetrics
    let health: HealthState
    let ingress: [LoopThread]
    let delivery: DeliveryThread
    let admin: LoopThread
    /// The public port's; nil where it speaks plain HTTP.
    let certificate: TLSCertificate?
    let events: JournalEvents

    /// Builds and starts everything.
    /// - Parameter source: where a reload reads; without one the settings stay as they are.
    /// - Throws: what keeps the relay from running, before it takes anything.
    public init(settings: RelaySettings, log: Logger, source: ReloadSource? = nil) throws {
        self.log = log
        let metrics = RelayMetrics(settings)
        let health = HealthState(settings)
        self.metrics = metrics
        self.health = health
        let destinations = settings.destinations.map(\.name)
        let journal = try SQLiteJournal(
            settings: JournalSettings(settings), destinations: destinations)
        self.journal = journal
        let inbox = DeliveryInbox()
        let reloader = ConfigReloader(
            settings: settings, source: source ?? ReloadSource { settings }, delivery: inbox, metrics: metrics,
            health: health, log: log)
        self.reloader = reloader
        let inspector = AdminInspector(metrics: metrics, health: health, config: reloader)
        let limits = RateLimits(settings, metrics: metrics)
        let seats = try (0..<settings.listen.threads).map { index in
            try IngressSeat(
                index, settings, journal: journal, inspector: inspector, metrics: metrics, limits: limits, log: log)
        }
        reloader.attach(seats.map { ($0.loop, LoopBound($0.desk, on: $0.loop)) })
        events = JournalEvents(
            tickets: seats.map(\.tickets), delivery: inbox, metrics: metrics, health: health,
            loopIndex: settings.loopIndex(.journal), log: log, snapshot: { journal.snapshot },
            lastFaultCode: { journal.counters.lastFault?.code })
        events.publish()
        metrics.recovered.add(journal.snapshot.recoveredEvents.reduce(0, +))
        for (name, count) in journal.stranded {
            log.warning(
                "events wait for a destination that is not configured",
                metadata: ["destination": "\(name)", "events": "\(count)"])
        }
        // All that can fail comes first, so that nothing runs when it does.
        certificate = try TLSCertificate(settings.listen.tls)
        ingress = try Self.open(seats, settings, health, certificate)
        admin = try Self.openAdmin(
            settings, reloader, inspector, DeadLetterService(journal: journal, destinations: destinations),
            EventsService(
                seats.map { .init(loop: $0.loop, desk: LoopBound($0.desk, on: $0.loop)) },
                sources: settings.sourceLabels),
            health, metrics, ingress.map(\.counters))
        delivery = try DeliveryThread(
            settings: DeliverySettings(settings), limits: EgressLimits(settings),
            identity: EgressIdentity(settings), journal: journal, inbox: inbox,
            listeners: DeliveryReport(settings, metrics: metrics, health: health, log: log).listeners)
        publicPort = Int(ingress[0].port)
        adminPort = Int(admin.port)
        health.configurationApplied(nowMillis: MonotonicClock.millis())
        journal.start(events)
        for thread in ingress + [admin] { try thread.start() }
        waitForFirstTurns()
    }

    /// Ends all threads; what is stored and not delivered stays in the journal. After it the relay is of no more use.
    public func stop() {
        delivery.stop()
        journal.close()
        for thread in ingress { thread.stop() }
        admin.stop()
        // The desks know the reloader, too: neither outlives the relay by the other.
        reloader.attach([])
    }

    /// Events that stand in the journal.
    public var queuedEvents: Int { journal.snapshot.queuedEvents.reduce(0, +) }

    private static func open(
        _ seats: [IngressSeat], _ settings: RelaySettings, _ health: HealthState, _ certificate: TLSCertificate?
    ) throws -> [LoopThread] {
        var port = UInt16(settings.listen.port)
        // Loops that share a port would also join another process's: the port is tried for oneself first.
        if port != 0, seats.count > 1 { try seats[0].tryPort(settings.listen.address, port) }
        var threads: [LoopThread] = []
        for (index, seat) in seats.enumerated() {
            let thread = try LoopThread(
                loop: seat.loop, address: settings.listen.address, port: port,
                sharesPort: seats.count > 1, limits: IngressLimits(settings.listen.limits, share: seats.count),
                handler: seat.desk, certificate: certificate,
                beat: {
                    let now = MonotonicClock.millis()
                    health.beat(loop: index, nowMillis: now)
                    seat.desk.expireOverdue(nowMillis: now)
                })
            port = thread.port
            threads.append(thread)
        }
        return threads
    }

    private static func openAdmin(
        _ settings: RelaySettings, _ config: ConfigReloader, _ inspector: AdminInspector,
        _ deadLetters: DeadLetterService,
        _ events: EventsService, _ health: HealthState, _ metrics: RelayMetrics, _ counters: [IngressCounters]
    ) throws -> LoopThread {
        let loop = try EventLoop(name: "admin")
        let desk = AdminDesk(
            inspector: inspector, deadLetters: DeadLetterDesk(deadLetters, on: loop), side: SideDesk(on: loop),
            events: events, explaining: ExplainService { config.settings }
        ) {
            metrics.setListeners(ListenerCounts(counters))
            metrics.setLoopLags(millis: health.lagsMillis(nowMillis: MonotonicClock.millis()))
        }
        return try LoopThread(
            loop: loop, address: settings.admin.address,
            port: UInt16(settings.admin.port), sharesPort: false, limits: IngressLimits(), handler: desk,
            beat: { health.beat(loop: settings.loopIndex(.admin), nowMillis: MonotonicClock.millis()) })
    }
}

/// What an ingress thread works with before it has a listener.
private struct IngressSeat {
    /// Calls that may wait for the journal at once, per loop.
    private static let parkedCapacity = 16_384

    let loop: EventLoop
    let desk: RequestDesk
    let tickets: TicketBox

    init(
        _ index: Int, _ settings: RelaySettings, journal: SQLiteJournal, inspector: AdminInspector,
        metrics: RelayMetrics, limits: RateLimits?, log: Logger
    ) throws {
        let desk = RequestDesk(
            loop: index, pathPrefix: settings.listen.pathPrefix, collectPaths: settings.listen.collectPaths,
            intake: try IntakeDesk(settings: settings, metrics: metrics, limits: limits), inspector: inspector,
            journal: journal, metrics: metrics, log: log, parkedCapacity: Self.parkedCapacity)
        loop = try EventLoop(name: "ingress-\(index)")
        tickets = try TicketBox(on: loop, capacity: Self.parkedCapacity) { desk.settle($0) }
        self.desk = desk
    }

    /// - Throws: when somebody else listens there.
    func tryPort(_ address: String, _ port: UInt16) throws {
        _ = try LoopThread(
            loop: loop, address: address, port: port, sharesPort: false, limits: IngressLimits(), handler: desk,
            beat: {})
    }
}

extension RelayMetrics {
    convenience init(_ settings: RelaySettings) {
        self.init(
            layout: MetricLayout(
                sources: settings.sourceLabels, destinations: settings.destinations.map(\.name),
                faults: CallFault.labels, loops: settings.loopNames, version: RelayApp.version),
            startSeconds: Int(WallClock.millis() / 1_000))
    }
}

extension HealthState {
    convenience init(_ settings: RelaySettings) {
        self.init(loops: settings.loopNames, destinations: settings.destinations.map(\.name))
    }
}
