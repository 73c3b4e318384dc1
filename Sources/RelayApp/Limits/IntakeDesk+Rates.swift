import Intake
import RelayModel

// A sender's rate: that of its address before its body is read, that of its key once the key is known and the call is the
// source's.
extension IntakeDesk {
    func checkAddress(of call: IntakeCall) throws(CallFault) {
        guard let limits else { return }
        try limits.checkAddress(tape[call.facts.address], nowMillis: MonotonicClock.millis())
    }

    func checkKey(of call: IntakeCall, _ authorization: TextRef, _ source: Int) throws(CallFault) {
        guard let limits, limits.limits(source: source) else { return }
        let key = directory.isOpen(source) ? TextRef.none : self.key(of: call, authorization)
        try limits.check(source: source, key: tape[key], nowMillis: MonotonicClock.millis())
    }

    private func key(of call: IntakeCall, _ authorization: TextRef) -> TextRef {
        switch call.route {
        case .segment: SegmentCredentials.writeKey(authorization: authorization, query: call.query, on: &tape)
        case .ga4Collect: ga4.measurementID
        case .measurementProtocol, .measurementProtocolDebug: measurementID(of: call)
        case .pinterestEvents: SegmentCredentials.bearer(authorization, on: tape)
        }
    }
}
