import HTTPIngress
import Intake
import JSONTape
import RelayModel
import Settings

// One call onto the desk's tape, and whose it is: as the running relay finds it, or, for a body alone, as near as that.
extension Explainer {
    struct Reading {
        var source: Int
        var choice: ExplainedCall.SourceChoice
        /// The only destination, where the call names one.
        var destination: String?
    }

    /// - Parameter named: the source that was asked for.
    func read(
        _ request: PastedRequest, _ route: IntakeRoute, _ credentials: PastedCall.Credentials, named: Int?
    ) throws(CallFault) -> Reading {
        let origin = Array((request.header("Origin") ?? "").utf8)
        var caller = IntakeReplies.Caller(route: route, origin: origin)
        if route == .pinterestEvents { return try readPinterestEvents(request, caller, credentials, named) }
        do throws(CallFault) {
            let found = try desk.decode(request, &caller) ?? 0
            return Reading(source: named ?? found, choice: named == nil ? .key : .named)
        } catch {
            // The key is looked at when the body stands on the tape.
            guard error.isAboutCredentials else { throw error }
            if let named { return Reading(source: named, choice: .named) }
            guard stands(in: error, request, credentials), let first = first(of: route) else { throw error }
            return Reading(source: first, choice: .assumed)
        }
    }

    /// Whether a source may be assumed in spite of a fault: the paste has no key, and need not have one.
    private func stands(
        in fault: CallFault, _ request: PastedRequest, _ credentials: PastedCall.Credentials
    ) -> Bool {
        switch credentials {
        case .ownOnly: return false
        case .none: return true
        case .assumed: break
        }
        switch fault {
        case .missingWriteKey: return true
        case .unknownMeasurementID:
            return !["tid=", "measurement_id=", "firebase_app_id="].contains { request.says($0) }
        case .wrongAPISecret: return !request.says("api_secret=")
        default: return false
        }
    }

    private func first(of route: IntakeRoute) -> Int? {
        var kind = SourceSettings.Kind.ga4
        if case .segment = route { kind = .segment }
        return settings.sources.firstIndex { $0.kind == kind }
    }

    private func readPinterestEvents(
        _ request: PastedRequest, _ caller: IntakeReplies.Caller, _ credentials: PastedCall.Credentials, _ named: Int?
    ) throws(CallFault) -> Reading {
        let call = desk.begin(request, caller)
        var grant: AccountDirectory.Grant?
        if credentials == .ownOnly, named == nil {
            let found = try desk.grant(for: request)
            _ = try desk.isTrial(call.query)
            grant = found
        }
        try desk.decodeBody(of: request, call)
        // The rooms of direct events stand behind those of the configured sources.
        let source = named ?? grant?.source ?? settings.sources.count
        let choice: ExplainedCall.SourceChoice = named != nil ? .named : grant == nil ? .assumed : .key
        let destination = grant?.destination ?? (named == nil ? 0 : nil)
        return Reading(
            source: source, choice: choice, destination: destination.map { settings.destinations[$0].name })
    }

    func readEventData(_ json: String, named: Int?) throws(CallFault) -> Reading {
        _ = desk.begin(PastedRequest(url: "/g/collect"), IntakeReplies.Caller(route: .ga4Collect, origin: []))
        let body = Array(json.utf8)
        let facts = CallFacts(receivedAtMicros: desk.now())
        do throws(IntakeFault) {
            try GA4EventData.decode(
                body.span, facts, parser: &desk.parser, tape: &desk.tape, into: &desk.items)
        } catch { throw .intake(error) }
        if let named { return Reading(source: named, choice: .named) }
        let id = desk.tape.document.flatMap { desk.tape.member($0, "x-ga-measurement_id") }
        let text = id.map { desk.tape.copyString(desk.tape.string($0)) } ?? ""
        if let found = desk.directory.ga4(measurementID: text) {
            return Reading(source: found, choice: text.isEmpty ? .assumed : .key)
        }
        guard text.isEmpty, let first = first(of: .ga4Collect) else { throw .unknownMeasurementID }
        return Reading(source: first, choice: .assumed)
    }
}

extension PastedRequest {
    /// A parameter of the query, or of a body that is no JSON, starts so.
    fileprivate func says(_ start: String) -> Bool {
        let text = query + "&" + (body.first == UInt8(ascii: "{") ? "" : String(decoding: body, as: UTF8.self))
        return text.split { $0 == "&" || $0.isNewline }.contains { $0.hasPrefix(start) }
    }
}

extension CallFault {
    /// The call was read, and its key or its absence is at fault.
    fileprivate var isAboutCredentials: Bool {
        switch self {
        case .missingWriteKey, .unknownWriteKey, .unknownMeasurementID, .wrongAPISecret: true
        default: false
        }
    }
}
