import Testing

@testable import PinterestSandbox

@Suite("SandboxFaults")
struct SandboxFaultsTests {
    private func plan(_ json: String) throws -> SandboxFaults { try SandboxFaults(json: Array(json.utf8).span) }

    @Test("steps are used up one after another")
    func steps() {
        var faults = SandboxFaults(steps: [
            SandboxFaultStep(.pass, count: 1), SandboxFaultStep(.status(503), count: 2), SandboxFaultStep(.malformed),
        ])
        #expect(
            (0..<5).map { _ in faults.next(account: "1") } == [
                .pass, .status(503), .status(503), .malformed, .malformed,
            ])
    }

    @Test("a step for one account leaves the others alone")
    func account() {
        var faults = SandboxFaults(steps: [SandboxFaultStep(.hang(taken: false), count: 1, account: "1")])
        #expect(faults.next(account: "2") == .pass)
        #expect(faults.next(account: "1") == .hang(taken: false))
        #expect(faults.next(account: "1") == .pass)
    }

    @Test("a plan is read from JSON")
    func reading() throws {
        let faults = try plan(
            """
            {"latency_ms":20,"bad_event_ids":["a","b"],"mixed_status":422,"steps":[{"kind":"pass","count":2},
            {"kind":"status","status":429,"retry_after":3,"reset":4,"account":"7"},{"kind":"hang","taken":true},
            {"kind":"reset"},{"kind":"drip","bytes_per_second":5},{"kind":"malformed"},{"kind":"truncated"},
            {"kind":"short_list"},{"kind":"reset_mid_body"},{"kind":"wrong_length"}]}
            """)
        #expect(faults.latency == .milliseconds(20))
        #expect(faults.badEventIDs == ["a", "b"])
        #expect(faults.mixedStatus == 422)
        #expect(
            faults.steps == [
                SandboxFaultStep(.pass, count: 2),
                SandboxFaultStep(.status(429, retryAfter: 3, reset: 4), account: "7"),
                SandboxFaultStep(.hang(taken: true)), SandboxFaultStep(.reset(taken: false)),
                SandboxFaultStep(.drip(bytesPerSecond: 5)), SandboxFaultStep(.malformed),
                SandboxFaultStep(.truncated), SandboxFaultStep(.shortList),
                SandboxFaultStep(.resetMidBody), SandboxFaultStep(.wrongLength),
            ])
    }

    @Test(
        "a plan with an unknown key or value is refused",
        arguments: [
            "", "[]", #"{"latency":1}"#, #"{"latency_ms":-1}"#, #"{"steps":[{"kind":"explode"}]}"#,
            #"{"steps":[{"count":1}]}"#, #"{"steps":[{"kind":"status","status":200}]}"#,
        ])
    func badPlan(json: String) {
        #expect(throws: SchemaFault.self) { try plan(json) }
    }
}
