import HTTPIngress
import Inflate
import Intake
import JSONTape
import Journal
import RelayModel
import Settings
import Telemetry
import WireCodec

/// One intake request from its bytes to the journal's mailbox. One per ingress thread; everything here belongs to it.
///
/// Invariants: a call is answered with success only when its events are stored or there was nothing to store; the tape
/// is reset per request, so no text of one request can meet another.
final class IntakeDesk {
    /// What became of a call so far.
    enum Outcome {
        case answered(Reply)
        /// The journal has to say first; then the answer is `reply`, or the route's own where there is none.
        case stored(EventPipeline.Yield, source: Int, reply: Reply? = nil)
    }

    let reader: CallReader
    let directory: SourceDirectory
    let accounts: AccountDirectory
    let pipeline: EventPipeline
    /// Nil when no source keeps click ids.
    private let cookie: ClickIDCookie?
    let metrics: RelayMetrics
    var tape = EventTape()
    var items: [IntakeItem] = []
    let bodies: BodyReader
    /// Nil where nothing is limited.
    let limits: RateLimits?
    var parser = JSONTapeParser()
    private var segment: SegmentAdapter
    private(set) var ga4 = GA4WireAdapter()
    private var measurementProtocol = MeasurementProtocolAdapter()
    private var pinterestEvents = PinterestEventsAdapter()
    private let tellsMeasurementProtocol: Bool
    /// What the call that was taken last is at fault for, whatever its answer tells; nil when it is in order.
    private(set) var lastFault: CallFault?
    /// The time of receipt of a call, microseconds since 1970.
    let now: () -> Int64

    init(
        settings: RelaySettings, metrics: RelayMetrics, limits: RateLimits? = nil,
        now: @escaping () -> Int64 = WallClock.micros
    ) throws {
        self.now = now
        self.limits = limits
        reader = CallReader(
            chain: ForwardedChain(trusted: settings.listen.trustedProxies, header: settings.listen.forwardedHeader))
        directory = SourceDirectory(settings.sources)
        accounts = AccountDirectory(settings)
        tellsMeasurementProtocol = settings.listen.measurementProtocolErrors == .strict
        pipeline = try EventPipeline(settings: settings, metrics: metrics)
        cookie = settings.sources.contains(where: \.writeClickIDCookie) ? try ClickIDCookie() : nil
        bodies = try BodyReader(limits: InflateLimits(settings.listen.limits))
        segment = SegmentAdapter(limits: SegmentLimits(settings.listen.limits.segment))
        self.metrics = metrics
    }

    /// Whether a browser on this origin may call at all.
    func accepts(origin: [UInt8]) -> Bool { directory.accepts(origin: String(decoding: origin, as: UTF8.self)) }

    /// The body, inflated, is a whole hit. One that cannot be inflated is none.
    func holdsWrappedHit(_ request: borrowing RequestView) -> Bool {
        do throws(CallFault) {
            return try bodies.withBody(of: request) { CollectPaths.isWrapped(body: $0) }
        } catch { return false }
    }

    /// Takes one call on an intake route, and completes what is known of its caller.
    func take(_ request: borrowing RequestView, _ caller: inout IntakeReplies.Caller) -> Outcome {
        lastFault = nil
        // To ask how a hit would be answered makes no event.
        if request.method == .head, caller.route == .ga4Collect { return .answered(IntakeReplies.accepted(caller)) }
        guard caller.route.takes(request.method) else { return .answered(refused(CallFault.methodNotAllowed, caller)) }
        switch caller.route {
        case .measurementProtocolDebug: return .answered(debugReply(request, &caller))
        case .pinterestEvents: return takePinterestEvents(request, caller)
        case .segment, .ga4Collect, .measurementProtocol: break
        }
        do throws(CallFault) {
            let source = try decode(request, &caller)
            guard let source else { return .answered(IntakeReplies.accepted(caller)) }
            let yield = pipeline.process(items, source: source, on: &tape, listsResults: caller.wantsResults)
            if let landing = yield.landing, let cookie {
                caller.cookie = cookie.header(for: landing, at: .init(request, origin: caller.origin)) ?? []
            }
            return yield.isEmpty
                ? .answered(IntakeReplies.accepted(caller, yield.results?.list() ?? []))
                : .stored(yield, source: source)
        } catch {
            return .answered(refused(error, caller))
        }
    }

    /// Counts a call's fault and answers it.
    func refused(_ fault: CallFault, _ caller: IntakeReplies.Caller) -> Reply {
        metrics.fault(fault.label).add(1)
        lastFault = fault
        if fault == .methodNotAllowed { return IntakeReplies.methodNotAllowed(caller) }
        return IntakeReplies.refused(fault, caller, tellsMeasurementProtocol: tellsMeasurementProtocol)
    }

    /// Counts and answers what the server itself turns away, as if the route had found the fault.
    func refused(_ refusal: IngressRefusal, _ caller: IntakeReplies.Caller) -> Reply {
        switch refusal {
        case .methodNotAllowed: refused(CallFault.methodNotAllowed, caller)
        case .bodyTooLarge: refused(.intake(.bodyTooLarge), caller)
        case .malformed: IntakeReplies.malformed(refusal, caller)
        }
    }

    /// Decodes the call's items and finds the source they belong to.
    /// - Returns: nil for a call that is accepted and ignored.
    func decode(
        _ request: borrowing some IncomingRequest & ~Copyable, _ caller: inout IntakeReplies.Caller
    ) throws(CallFault) -> Int? {
        guard caller.route != .segment(.libraryMetrics) else { return nil }
        let call = begin(request, caller)
        try checkAddress(of: call)
        let authorization = CallReader.text(request, "Authorization", onto: &tape)
        try decodeBody(of: request, call)
        if call.route == .ga4Collect { caller.asksForStream = ga4.asksForStream }
        let source = try source(of: call, authorization)
        let origin = String(decoding: caller.origin, as: UTF8.self)
        guard directory.accepts(origin: origin, for: source) else {
            caller.origin = []
            throw .originNotAllowed
        }
        try checkKey(of: call, authorization, source)
        return source
    }

    /// Forgets the request before and reads off this one what is no body.
    func begin(_ request: borrowing some IncomingRequest & ~Copyable, _ caller: IntakeReplies.Caller) -> IntakeCall {
        tape.reset()
        items.removeAll(keepingCapacity: true)
        return reader.read(request, caller.route, receivedAtMicros: now(), onto: &tape)
    }

    func decodeBody(
        of request: borrowing some IncomingRequest & ~Copyable, _ call: IntakeCall
    ) throws(CallFault) {
        try bodies.withBody(of: request) { body throws(IntakeFault) in try decode(call, body) }
    }

    private func decode(_ call: IntakeCall, _ body: Span<UInt8>) throws(IntakeFault) {
        switch call.route {
        case .segment: try segment.decode(call, body: body, parser: &parser, tape: &tape, into: &items)
        case .ga4Collect: try ga4.decode(call, body: body, parser: &parser, tape: &tape, into: &items)
        case .measurementProtocol, .measurementProtocolDebug:
            try measurementProtocol.decode(call, body: body, parser: &parser, tape: &tape, into: &items)
        case .pinterestEvents:
            try pinterestEvents.decode(call, body: body, parser: &parser, tape: &tape, into: &items)
        }
    }

    private func source(of call: IntakeCall, _ authorization: TextRef) throws(CallFault) -> Int {
        switch call.route {
        case .segment:
            let key = SegmentCredentials.writeKey(authorization: authorization, query: call.query, on: &tape)
            guard !key.isEmpty else { throw .missingWriteKey }
            guard let source = directory.segment(writeKey: tape[key]) else { throw .unknownWriteKey }
            return source
        case .ga4Collect:
            return try ga4Source(ga4.measurementID)
        case .measurementProtocol, .measurementProtocolDebug:
            let source = try ga4Source(measurementID(of: call))
            let secret = tape.queryValue(call.query, "api_secret")
            guard directory.accepts(secret: tape[secret], for: source) else { throw .wrongAPISecret }
            return source
        case .pinterestEvents:
            // Such a call is known by its account and Bearer, before its body is read.
            throw .unauthenticated
        }
    }

    /// A Measurement Protocol call's.
    func measurementID(of call: IntakeCall) -> TextRef {
        let web = tape.queryValue(call.query, "measurement_id")
        return web.isEmpty ? tape.queryValue(call.query, "firebase_app_id") : web
    }

    private func ga4Source(_ id: TextRef) throws(CallFault) -> Int {
        guard let source = directory.ga4(measurementID: tape.copyString(id)) else { throw .unknownMeasurementID }
        return source
    }
}

extension ClickIDCookie.Place {
    fileprivate init(_ request: borrowing RequestView, origin: [UInt8]) {
        var host: [UInt8] = []
        _ = request.withHeader("Host") { host.append(copying: $0) }
        let isCrossSite = request.withHeader("Sec-Fetch-Site") { $0.matches("cross-site") } ?? false
        self.init(host: host, origin: origin, isCrossSite: isCrossSite)
    }
}
