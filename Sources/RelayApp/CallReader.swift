import HTTPIngress
import Intake
import RelayModel
import Settings
import WireCodec

/// Reads off a request what the intake may know of it, onto the tape: the texts of the call stand there before the
/// body's values.
struct CallReader {
    let trustedProxies: [CIDRBlock]

    /// - Parameter receivedAtMicros: time of receipt, microseconds since 1970.
    func read(
        _ request: borrowing RequestView, _ route: IntakeRoute, receivedAtMicros: Int64, onto tape: inout EventTape
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
    private static func isBrowser(_ request: borrowing RequestView) -> Bool {
        has(request, "Origin") || has(request, "Referer") || has(request, "Sec-Fetch-Site")
            || has(request, "Sec-Fetch-Mode") || has(request, "Sec-Fetch-Dest")
    }

    private static func has(_ request: borrowing RequestView, _ name: StaticString) -> Bool {
        request.withHeader(name) { _ in true } ?? false
    }

    static func text(_ request: borrowing RequestView, _ name: StaticString, onto tape: inout EventTape) -> TextRef {
        request.withHeader(name) { tape.appendRepaired($0) } ?? .none
    }

    private static func cookie(_ request: borrowing RequestView, onto tape: inout EventTape) -> TextRef {
        let found = request.withHeader("Cookie") { header in
            CookieScanner.value(of: "_epik", in: header).map { tape.appendRepaired(header.extracting($0)) } ?? .none
        }
        return found ?? .none
    }

    /// The peer's address; behind trusted proxies the right-most address of `X-Forwarded-For` that is none of theirs.
    private func address(_ request: borrowing RequestView, onto tape: inout EventTape) -> TextRef {
        let peer = request.withRemoteAddress { tape.append($0) }
        guard !trustedProxies.isEmpty, isTrusted(tape[peer]) else { return peer }
        let forwarded = Self.text(request, "X-Forwarded-For", onto: &tape)
        var end = Int(forwarded.count)
        while end > 0 {
            let bytes = tape[forwarded]
            let start = bytes.prefix(end).lastIndex(of: UInt8(ascii: ",")).map { $0 - bytes.startIndex + 1 } ?? 0
            let hop = Self.trimmed(forwarded.part(start..<end), on: tape)
            guard NetworkAddress(tape[hop]) != nil else { return peer }
            if !isTrusted(tape[hop]) { return hop }
            end = start - 1
        }
        return peer
    }

    private func isTrusted(_ address: ArraySlice<UInt8>) -> Bool {
        guard let address = NetworkAddress(address) else { return false }
        return trustedProxies.contains { $0.contains(address) }
    }

    private static func trimmed(_ text: TextRef, on tape: borrowing EventTape) -> TextRef {
        let bytes = tape[text]
        let isBlank: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        let lower = bytes.firstIndex { !isBlank($0) } ?? bytes.endIndex
        let upper = bytes.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? lower
        return text.part(lower - bytes.startIndex..<upper - bytes.startIndex)
    }
}
