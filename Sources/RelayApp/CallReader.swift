import HTTPIngress
import Intake
import RelayModel
import WireCodec

/// Reads off a request what the intake may know of it, onto the tape: the texts of the call stand there before the
/// body's values.
struct CallReader {
    let chain: ForwardedChain

    /// - Parameter receivedAtMicros: time of receipt, microseconds since 1970.
    func read(
        _ request: borrowing some IncomingRequest & ~Copyable, _ route: IntakeRoute, receivedAtMicros: Int64,
        onto tape: inout EventTape
    ) -> IntakeCall {
        var facts = CallFacts(receivedAtMicros: receivedAtMicros)
        facts.isBrowserCall = route == .ga4Collect || Self.isBrowser(request)
        facts.userAgent = Self.text(request, "User-Agent", onto: &tape)
        facts.epikCookie = Self.cookie(request, onto: &tape)
        facts.globalPrivacyControl =
            request.withHeader("Sec-GPC") { $0.count == 1 && $0[0] == UInt8(ascii: "1") } ?? false
        facts.address = address(request, onto: &tape)
        let query = request.withQuery { tape.append($0) }
        var call = IntakeCall(route: route, isPost: request.method == .post, facts: facts, query: query)
        if case .segment = route { call.anonymousIDHeader = Self.text(request, "AnonymousId", onto: &tape) }
        return call
    }

    /// `mapping.md` 9.6: a call with `Origin`, `Referer` or a `Sec-Fetch-*` header comes from a browser.
    private static func isBrowser(_ request: borrowing some IncomingRequest & ~Copyable) -> Bool {
        has(request, "Origin") || has(request, "Referer") || has(request, "Sec-Fetch-Site")
            || has(request, "Sec-Fetch-Mode") || has(request, "Sec-Fetch-Dest")
    }

    private static func has(_ request: borrowing some IncomingRequest & ~Copyable, _ name: StaticString) -> Bool {
        request.withHeader(name) { _ in true } ?? false
    }

    static func text(
        _ request: borrowing some IncomingRequest & ~Copyable, _ name: StaticString, onto tape: inout EventTape
    ) -> TextRef {
        request.withHeader(name) { tape.appendRepaired($0) } ?? .none
    }

    private static func cookie(_ request: borrowing some IncomingRequest & ~Copyable, onto tape: inout EventTape)
        -> TextRef
    {
        let found = request.withHeader("Cookie") { header in
            CookieScanner.value(of: "_epik", in: header).map { tape.appendRepaired(header.extracting($0)) } ?? .none
        }
        return found ?? .none
    }

    /// The client's address; absent where a trusted proxy hides it.
    private func address(_ request: borrowing some IncomingRequest & ~Copyable, onto tape: inout EventTape) -> TextRef {
        let peer = request.withRemoteAddress { tape.append($0) }
        guard chain.trusts(tape[peer]) else { return peer }
        var lines = ForwardedChain.Lines()
        request.forEachHeader { name, value in lines.add(name: name, value: value) }
        switch chain.client(peer: tape[peer], lines) {
        case .peer: return peer
        case .hop(let address): return tape.append(address)
        case .unknown: return .none
        }
    }
}
