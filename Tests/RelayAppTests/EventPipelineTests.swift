import Journal
import RelayModel
import Telemetry
import Testing

@testable import RelayApp

@Suite("EventPipeline")
struct EventPipelineTests {
    private let trial: PipelineTrial

    init() throws { trial = try PipelineTrial() }

    @Test("an event goes into a block per destination, alike but for its keys, and the copies are counted")
    func fanOut() throws {
        let yield = try trial.segment([Sample.order("m-1"), Sample.order("m-2")])
        #expect(yield.blocks.map(\.destination) == [0, 1])
        #expect(yield.blocks.map(\.block.eventCount) == [2, 2])
        #expect(yield.blocks[0].block == yield.blocks[1].block)
        #expect(yield.blocks.map(\.keys.count) == [2, 2])
        let keys = yield.blocks.flatMap(\.keys)
        #expect(Set(keys.map(\.message)).count == 4)
        #expect(Set(keys.map(\.event)).count == 4)
        #expect(yield.deadLetters.isEmpty)
        #expect(yield.eventCount == 4)
        #expect(trial.metrics.received(source: PipelineTrial.backend).value == 2)
        #expect(trial.metrics.fannedOut.value == 2)
    }

    @Test("match quality is counted for each destination, by what the person is known by; a dead letter is not")
    func matchQuality() throws {
        _ = try trial.segment([Sample.order("m-1"), Sample.order("m-2", email: false)])
        let page = String(decoding: trial.metrics.render(nowMillis: 0), as: UTF8.self)
        let labels = #"source="backend",event_name="checkout""#
        #expect(page.contains("pinrelay_events_sendable_total{\(labels)} 2\n"))
        for (identifier, count) in ["em": 2, "external_id": 2, "ph": 0, "click_id": 0] {
            let series = "pinrelay_events_identified_total{\(labels),identifier=\"\(identifier)\"}"
            #expect(page.contains("\(series) \(count)\n"))
        }
        #expect(page.contains("pinrelay_request_events_count 1\n") && page.contains("pinrelay_request_events_sum 2\n"))
    }

    @Test("an event that the schema refuses is a dead letter for each destination")
    func deadCopies() throws {
        let yield = try trial.segment([Sample.order("m-1", email: false)])
        #expect(yield.blocks.isEmpty)
        #expect(yield.deadLetters.map(\.destination) == [0, 1])
        #expect(yield.deadLetters.allSatisfy { $0.reason == .noIdentity && $0.source == "backend" })
        #expect(yield.eventCount == 2)
        #expect(trial.metrics.fannedOut.value == 1)
    }

    @Test("an event without consent is counted for each destination, an unmapped one and a bad item once")
    func notSent() throws {
        #expect(try trial.hit("_p=1&_s=1&en=purchase&gcs=G100").isEmpty)
        #expect(trial.metrics.notSent(source: PipelineTrial.web, .noConsent).value == 2)
        #expect(trial.metrics.fannedOut.value == 1)
        #expect(try trial.hit("_p=1&_s=2&en=scroll").isEmpty)
        #expect(trial.metrics.notSent(source: PipelineTrial.web, .unmapped).value == 1)
        #expect(trial.metrics.fannedOut.value == 1)
        let bad = try trial.segment(["7"])
        #expect(bad.deadLetters.map(\.destination) == [nil])
        #expect(trial.metrics.fannedOut.value == 1)
    }

    @Test("results are kept only where they are asked for, and know which item each journaled event comes from")
    func results() throws {
        let items = ["7", Sample.order("m-1"), Sample.order("m-2", email: false), Sample.order("m-3")]
        #expect(try trial.segment(items).results == nil)
        let results = try #require(try trial.segment(items, listsResults: true).results)
        let rejected = [ItemResult.rejected(.notAnEvent), .rejected(.noIdentity)]
        #expect(results.list() == [rejected[0], .accepted(nil), rejected[1], .accepted(nil)])
        // Places: m-1 and m-3 for the one destination, then both for the other.
        #expect(results.list(repeats: [0, 2]) == [rejected[0], .duplicate, rejected[1], .accepted(nil)])
        #expect(results.list(repeats: [1]) == [rejected[0], .accepted(nil), rejected[1], .accepted(nil)])
        #expect(results.list(repeats: [0, 1, 2, 3]) == [rejected[0], .duplicate, rejected[1], .duplicate])
    }
}
