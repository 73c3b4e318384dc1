import Journal
import Testing

@testable import RelayApp

@Suite("DeadLetterQuery")
struct DeadLetterQueryTests {
    private static let now: Int64 = 1_760_000_000_000

    private func query(_ parameters: [String: String]) throws -> DeadLetterQuery {
        try DeadLetterQuery(parameters, names: ["limit"], nowMillis: Self.now)
    }

    @Test(
        "a time is a moment, a day, seconds, or an age",
        arguments: [
            ("2025-10-09T08:53:20Z", now), ("2025-10-09T10:53:20+02:00", now), ("1760000000", now),
            ("2025-10-09", 1_759_968_000_000), ("90m", now - 5_400_000), ("2d", now - 172_800_000), ("0s", now),
        ])
    func times(text: String, millis: Int64) throws {
        #expect(try query(["since": text]).filter().sinceMillis == millis)
    }

    @Test("anything else is refused", arguments: ["", "yesterday", "-5m", "9999999999999d", "m", "5 m", "1e9"])
    func badTimes(text: String) throws {
        #expect(throws: DeadLetterFault.self) { try query(["until": text]).filter() }
    }

    @Test("an unknown name is refused, and the known ones are told")
    func unknownName() throws {
        #expect {
            try query(["reson": "refused"])
        } throws: { error in
            (error as? DeadLetterFault)?.message.contains("reason") ?? false
        }
    }

    @Test("a query survives the way through the admin port's target")
    func target() throws {
        let parameters = ["event_name": "a b+c&d=ü", "reason": "refused"]
        let call = DeadLetterCall(.list, parameters: parameters)
        #expect(try DeadLetterCall.parameters(ofQuery: call.target) == parameters)
        let replay = DeadLetterCall(.replay, parameters: parameters)
        #expect(try DeadLetterCall.parameters(ofBody: replay.body) == parameters)
        #expect(replay.target == "/api/dead-letters/replay")
    }

    @Test("a body holds texts, whole numbers and booleans")
    func body() throws {
        let body = Array(#"{"dry_run":true,"limit":1,"id":7,"reason":"x"}"#.utf8)
        #expect(
            try DeadLetterCall.parameters(ofBody: body) == ["dry_run": "true", "limit": "1", "id": "7", "reason": "x"])
        #expect(try DeadLetterCall.parameters(ofBody: []).isEmpty)
    }
}

@Suite("RetryHint")
struct RetryHintTests {
    @Test(
        "seconds, fractions and HTTP dates are read, everything else says nothing",
        arguments: [
            ("58", 58), ("0", 0), ("1.2", 2), ("Thu, 09 Oct 2025 08:54:20 GMT", 60),
            ("Thu, 09 Oct 2025 08:00:00 GMT", 0), ("soon", nil), ("-1", nil), ("nan", nil), ("inf", nil), ("", nil),
        ] as [(String, Int64?)])
    func hints(text: String, seconds: Int64?) {
        #expect(RetryHint.seconds(text, nowMillis: 1_760_000_000_000) == seconds)
    }
}
