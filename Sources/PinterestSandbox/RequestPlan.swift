/// What was decided about a request before its body was looked at.
struct RequestPlan {
    var fault: SandboxFault
    /// Quota and request id.
    var headers: [SandboxHeader]
    /// What is left of the quota; negative when this request is one too many.
    var left: Int
    var latency: Duration
    var badEventIDs: Set<String>
    var mixedStatus: Int?

    /// The upstream's own error for a status; `reset` replaces the quota's hint, and an asked-for error without one
    /// has no quota headers at all, as some of the upstream's do.
    func refusal(_ status: Int, retryAfter: Int?, reset: Int?, in service: SandboxService) -> SandboxReply {
        service.recordRequest(status: status)
        var extra = left < 0 ? headers : headers.filter { $0.name == "X-Pinterest-RID" }
        if let reset { extra.append(SandboxHeader("X-RateLimit-Reset", "\(reset)")) }
        if let retryAfter { extra.append(SandboxHeader("Retry-After", "\(retryAfter)")) }
        let (code, message) = Self.error(status)
        return reply(SandboxAnswer(status: status, headers: extra, body: SandboxJSON.error(code: code, message)))
    }

    /// Neither looked at nor answered.
    func loss(in service: SandboxService) -> SandboxReply {
        service.recordRequest(status: 0)
        return reply(SandboxAnswer(status: 0, headers: [], body: []))
    }

    func reply(to verdict: SandboxVerdict) -> SandboxReply {
        var answer = SandboxAnswer(status: verdict.status, headers: headers, body: verdict.body)
        switch fault {
        case .malformed: answer.body = Array("<html><body>Bad gateway</body></html>".utf8)
        case .shortList: answer.body = Self.withoutLastEvent(answer.body)
        default: break
        }
        return reply(answer)
    }

    private func reply(_ answer: SandboxAnswer) -> SandboxReply {
        var typed = answer
        typed.headers.append(SandboxHeader("Content-Type", "application/json"))
        return SandboxReply(answer: typed, manner: fault.manner, delay: latency)
    }

    private static func error(_ status: Int) -> (code: Int, message: String) {
        switch status {
        case 400: (4196, "The request was invalid.")
        case 401: (2, "Authentication failed.")
        case 403: (29, "You are not permitted to access that resource.")
        case 404: (2, "AdAccount not found.")
        case 429: (8, "This request exceeded a rate limit.")
        case 503: (4197, "The endpoint has been ramped down and is currently not accepting any traffic.")
        default: (1, "Something went wrong on our end.")
        }
    }

    /// Cuts the last entry out of a written list of entries, none of which holds a brace of its own.
    private static func withoutLastEvent(_ body: [UInt8]) -> [UInt8] {
        guard let open = body.lastIndex(of: UInt8(ascii: "{")), let list = body.firstIndex(of: UInt8(ascii: "[")),
            let close = body.lastIndex(of: UInt8(ascii: "]")), list < open, open < close
        else { return body }
        let isOnly = body[open - 1] == UInt8(ascii: "[")
        return Array(body[..<(isOnly ? open : open - 1)] + body[close...])
    }
}

extension SandboxFault {
    /// False for trouble that comes before the events are looked at.
    var takesEvents: Bool {
        switch self {
        case .status, .hang(taken: false), .reset(taken: false): false
        default: true
        }
    }

    var isAnswered: Bool {
        switch self {
        case .hang, .reset, .resetMidBody: false
        default: true
        }
    }

    var manner: SandboxReply.Manner {
        switch self {
        case .hang: .hang
        case .reset: .reset
        case .drip(let bytesPerSecond): .drip(bytesPerSecond: bytesPerSecond)
        case .truncated: .cut
        case .resetMidBody: .cutAndReset
        case .wrongLength: .overlong
        case .pass, .status, .malformed, .shortList: .whole
        }
    }
}
