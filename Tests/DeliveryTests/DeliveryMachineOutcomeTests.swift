import Delivery
import Journal
import RelayModel
import RelayTestKit
import Testing

@Suite("DeliveryMachine: outcomes")
struct DeliveryMachineOutcomeTests {
    /// A rig whose first call, with these events, is under way.
    private func sending(
        _ ids: [String], attempts: Int = 0, _ change: (inout DeliverySettings) -> Void = { _ in }
    ) throws -> MachineRig {
        let rig = MachineRig(change)
        rig.add(ids, attempts: attempts)
        try rig.ready()
        try rig.pass(1000)
        return rig
    }

    // MARK: Answers that settle

    @Test("a failed event is buried with the upstream's message, the others are delivered", arguments: [200, 422])
    func partialFailure(status: Int) throws {
        let rig = try sending(["a", "b", "c"])
        let events = #"[{"status":"processed"},{"status":"failed","error_message":"no"},{"status":"processed"}]"#
        let body = status == 422 ? #"{"code":953,"details":{"events":\#(events)}}"# : #"{"events":\#(events)}"#
        try rig.answer { _ in answered(status, body) }
        #expect(rig.journal.settlements.map(\.delivered) == [[5: 2]])
        let letter = try #require(rig.journal.deadLetters.first)
        #expect(letter.reason == .refused && letter.message == "no" && letter.eventID == "b" && letter.attempts == 1)
        #expect(rig.facts.contains(.answered(destination: 0, status: status, events: 3, requestID: "rid")))
        #expect(rig.machine.isIdle)
    }

    @Test("an id or message that may hold personal data is masked in the dead letter")
    func masking() throws {
        let rig = try sending(["jane@shop.example"])
        try rig.answer { batch in ok(batch) { _ in "bad: jane@shop.example" } }
        #expect(rig.journal.deadLetters.map(\.eventID) == ["<masked>"])
        #expect(rig.journal.deadLetters.map(\.message) == ["<masked>"])
    }

    @Test("an advertiser-defined name and an escaped id are read back for the dead letter")
    func readBack() throws {
        let rig = MachineRig()
        var block = EventBlock()
        let json = Array(#"{"event_id":"a\"b\\c","event_name":"Quiz","x":1}"#.utf8)
        block.append(nameCode: EventBlock.advertiserDefinedCode, eventTime: rig.now / 1000, json: json)
        block.append(nameCode: EventBlock.advertiserDefinedCode, eventTime: rig.now / 1000, json: Array("{}".utf8))
        rig.journal.append(block, to: 0)
        try rig.ready()
        try rig.pass(1000)
        let failed = #"{"status":"failed"}"#
        let actions = rig.machine.responded(
            rig.calls[0].id, answered(200, #"{"events":[\#(failed),\#(failed)]}"#), now: rig.now)
        let letters = actions.flatMap { action -> [DeadLetter] in
            if case .settle(let settlements) = action { settlements.flatMap(\.deadLetters) } else { [] }
        }
        #expect(letters.map(\.eventID) == [#"a"b\c"#, ""])
        #expect(letters.map(\.eventName) == ["Quiz", ""])
    }

    @Test("warnings are reported with a sample")
    func warnings() throws {
        let rig = try sending(["a", "b"])
        let body = #"{"events":[{"status":"processed","warning_message":"w"},{"status":"processed"}]}"#
        try rig.answer { _ in answered(200, body) }
        #expect(rig.facts.contains(.warned(destination: 0, events: 1, sample: "w")))
    }

    // MARK: Failures that pass

    @Test(
        "a failure that passes leaves the events queued for a jittered while, one attempt on",
        arguments: [answered(500), answered(503), answered(408), .failed(.timeout, retriable: true)])
    func retry(outcome: UpstreamOutcome) throws {
        let rig = try sending(["a", "b"], attempts: 3)
        try rig.answer { _ in outcome }
        let row = rig.journal.rows[0][0]
        #expect(row.attempts == 4 && (0...8000).contains(row.dueMillis - rig.now))
        #expect(rig.machine.isIdle)
        try rig.pass(row.dueMillis - rig.now)
        try rig.pass(1000)
        try rig.answerAll { ok($0) }
        #expect(rig.journal.deliveredCount == 2)
    }

    @Test("a service that says when to come back is believed")
    func retryAfter() throws {
        let rig = try sending(["a"])
        try rig.answer { _ in answered(503, retryAfter: 90) }
        #expect(rig.journal.rows[0][0].dueMillis == rig.now + 90_000)
    }

    @Test("429 postpones the whole account and consumes no attempt")
    func rateLimited() throws {
        let rig = try sending(names("e", 2500))
        #expect(rig.calls.count == 3)
        try rig.answer { _ in answered(429, #"{"code":8,"message":"limit"}"#, retryAfter: 2, reset: 58) }
        try rig.answer { _ in answered(429) }
        try rig.answer { ok($0) }
        let until = rig.now + 58_000
        #expect(rig.journal.rows[0].map(\.dueMillis) == [until] && rig.journal.rows[0].map(\.attempts) == [0])
        #expect(rig.machine.status(0)?.shut == .rateLimited)
        #expect(rig.wake == until)
        rig.add(["later"])
        try rig.ready()
        #expect(rig.calls.isEmpty && rig.machine.status(0)?.heldEvents == 0)
        try rig.pass(58_000)
        #expect(rig.calls.map(\.entries.count) == [1000])
        try rig.answerAll { ok($0) }
        try rig.pass(1000)
        try rig.answerAll { ok($0) }
        #expect(rig.journal.deliveredCount == 2501 && rig.machine.isIdle)
        #expect(rig.facts.contains(.reopened(destination: 0, cause: .rateLimited)))
    }

    @Test("the account of another destination is not postponed")
    func independence() throws {
        let rig = MachineRig(destinations: 2)
        for destination in 0...1 {
            rig.add(["d\(destination)"], to: destination)
            try rig.ready(destination)
        }
        try rig.pass(1000)
        try rig.answer { _ in answered(429, reset: 600) }
        try rig.answer { ok($0) }
        rig.add(["more"], to: 1)
        try rig.ready(1)
        try rig.pass(1000)
        #expect(rig.calls.map(\.ids) == [["more"]])
    }

    // MARK: Faults that a person has to end

    @Test("401, 403 and 404 rest the destination, keep the queue, and a probe ends it", arguments: [401, 403, 404])
    func paused(status: Int) throws {
        let rig = try sending(["a"])
        try rig.answer { _ in answered(status, #"{"code":2,"message":"Authentication failed."}"#) }
        let until = rig.now + 60_000
        let cause = ShutCause.refused(status: status)
        #expect(cause.needsAttention)
        #expect(
            rig.facts.contains(
                .shut(
                    destination: 0, cause: cause, untilMillis: until,
                    message: "HTTP \(status), code 2: Authentication failed.")))
        #expect(rig.journal.rows[0].map(\.attempts) == [0] && rig.machine.status(0)?.shut == cause)
        rig.add(["b"])
        try rig.ready()
        try rig.pass(59_999)
        #expect(rig.calls.isEmpty)
        try rig.pass(1)
        #expect(rig.calls.map(\.ids) == [["a", "b"]])
        try rig.answer { _ in answered(status) }
        try rig.pass(59_999)
        #expect(rig.calls.isEmpty)
        try rig.pass(1)
        try rig.answerAll { ok($0) }
        #expect(rig.machine.status(0)?.shut == nil && rig.journal.deliveredCount == 2)
        #expect(rig.facts.contains(.reopened(destination: 0, cause: cause)))
    }

    @Test("a call that cannot be made at all rests the destination likewise")
    func unreachable() throws {
        let rig = try sending(["a"])
        try rig.answer { _ in .failed(.tls, retriable: false) }
        #expect(rig.machine.status(0)?.shut == .unreachable(.tls))
        #expect(rig.journal.queuedIDs() == ["a"] && rig.journal.rows[0][0].attempts == 0)
    }

    @Test("new settings are tried at once")
    func reconfigured() throws {
        let rig = try sending(["a"])
        try rig.answer { _ in answered(401) }
        let changed = DestinationSettings(
            urlBase: "https://other.example", adAccountID: "1", authorization: AuthorizationValue("Bearer new"))
        try rig.perform(rig.machine.reconfigured(0, changed, now: rig.now))
        #expect(rig.calls.map(\.call.url) == ["https://other.example/v5/ad_accounts/1/events"])
        try rig.answerAll { ok($0) }
        #expect(rig.journal.deliveredCount == 1)
    }

    @Test("new limits hold for the next batch")
    func limitsChanged() throws {
        let rig = MachineRig { $0.lingerMillis = 0 }
        var limits = DeliverySettings(destinations: [])
        limits.maxBatch = 2
        limits.lingerMillis = 0
        rig.machine.limitsChanged(limits)
        rig.add(["a", "b", "c"])
        try rig.ready()
        #expect(rig.calls.map(\.entries.count) == [2, 1])
    }

    // MARK: The breaker

    @Test("an upstream that fails again and again is probed with single calls, ever more seldom")
    func breaker() throws {
        let rig = MachineRig { $0.maxInFlightPerDestination = 1 }
        for part in 0..<20 { rig.add(names("p\(part)-", 1000)) }
        try rig.ready()
        try rig.answerAll { _ in answered(503) }
        #expect(rig.callCount == 10)
        #expect(rig.machine.status(0)?.shut == .failing && rig.machine.status(0)?.heldEvents == 0)
        try rig.pass(29_999)
        #expect(rig.calls.isEmpty)
        try rig.pass(1)
        try rig.answerAll { _ in answered(503) }
        #expect(rig.callCount == 11)
        try rig.pass(59_999)
        #expect(rig.calls.isEmpty)
        try rig.pass(1)
        try rig.answerAll { ok($0) }
        for _ in 0..<100 where !rig.journal.queuedIDs().isEmpty {
            try rig.pass(10_000)
            try rig.answerAll { ok($0) }
        }
        #expect(rig.journal.deliveredCount == 20_000)
    }

    // MARK: Refused requests

    @Test("the event that spoils a request is found by halving, and all others are delivered", arguments: [400, 413])
    func bisect(status: Int) throws {
        let rig = try sending(names("e", 1000))
        try rig.answerAll { batch in
            batch.ids.contains("e617") ? answered(status, #"{"code":1,"message":"unexpected"}"#) : ok(batch)
        }
        let letter = try #require(rig.journal.deadLetters.first)
        #expect(rig.journal.deadLetters.count == 1 && letter.eventID == "e617")
        #expect(letter.reason == .requestRefused && letter.message == "HTTP \(status), code 1: unexpected")
        #expect(rig.journal.deliveredCount == 999 && rig.machine.isIdle)
        // Two calls for each halving of a thousand.
        #expect(rig.callCount <= 1 + 2 * 10)
    }

    @Test("several poisoned events are all found")
    func severalPoisoned() throws {
        let poison: Set = ["e0", "e1", "e499", "e999"]
        let rig = try sending(names("e", 1000))
        try rig.answerAll { poison.isDisjoint(with: $0.ids) ? ok($0) : answered(400) }
        #expect(Set(rig.journal.deadLetters.map(\.eventID)) == poison && rig.journal.deliveredCount == 996)
    }

    // MARK: Answers that settle nothing

    @Test("an answer that settles nothing is asked again, with the same ids, until it does")
    func unsettledOnce() throws {
        let rig = try sending(["a", "b"])
        try rig.answer { _ in answered(200, "<html>") }
        #expect(rig.calls.isEmpty && rig.facts.contains(.unsettled(destination: 0, events: 2)))
        try rig.pass(1000)
        #expect(Set(rig.calls.flatMap(\.ids)) == ["a", "b"])
        try rig.answerAll { ok($0) }
        #expect(rig.journal.deliveredCount == 2 && rig.machine.isIdle)
    }

    @Test("an event that alone spoils every answer is buried after the configured number of tries")
    func unsettledForEver() throws {
        let rig = try sending(names("e", 8)) { $0.unsettledLimit = 3 }
        var alone = 0
        for _ in 0..<60 {
            try rig.answerAll { batch in
                guard batch.ids.contains("e5") else { return ok(batch) }
                alone += batch.ids == ["e5"] ? 1 : 0
                return answered(200, "{}")
            }
            try rig.pass(60_000)
        }
        #expect(alone == 3 && rig.journal.deliveredCount == 7)
        #expect(rig.journal.deadLetters.map(\.reason) == [.unsettled])
        #expect(rig.journal.deadLetters.map(\.eventID) == ["e5"])
    }

    @Test("an unknown status concerns its own event only")
    func unknownStatus() throws {
        let rig = try sending(["a", "b"])
        try rig.answer { _ in answered(200, #"{"events":[{"status":"processed"},{"status":"queued"}]}"#) }
        try rig.pass(1000)
        #expect(rig.calls.map(\.ids) == [["b"]])
    }

    @Test("an answer too large to read settles nothing")
    func tooLarge() throws {
        let rig = try sending(["a"])
        try rig.answer { _ in .failed(.answerTooLarge, retriable: true) }
        #expect(rig.facts.contains(.unsettled(destination: 0, events: 1)))
        try rig.pass(1000)
        try rig.answerAll { ok($0) }
        #expect(rig.journal.deliveredCount == 1)
    }

    @Test("what waits for another try is given back when a drain begins")
    func unsettledInDrain() throws {
        let rig = try sending(["a", "b"])
        try rig.answer { _ in answered(200) }
        try rig.perform(rig.machine.drainBegan(now: rig.now))
        try rig.answerAll { _ in answered(200) }
        #expect(rig.machine.isIdle && rig.journal.queuedIDs() == ["a", "b"])
    }
}
