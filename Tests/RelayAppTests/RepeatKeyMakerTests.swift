import Journal
import RelayModel
import Settings
import Testing

@testable import RelayApp

/// `mapping.md` 9.13. What the journal makes of the keys stands in its own tests.
@Suite("RepeatKeyMaker")
struct RepeatKeyMakerTests {
    private let trial: PipelineTrial

    init() throws { trial = try PipelineTrial() }

    private func keys(_ yield: EventPipeline.Yield) throws -> RepeatKeys {
        try #require(yield.blocks.first?.keys.first)
    }

    @Test("a purchase of a GA4 input has its transaction id for a key, whatever its event id")
    func transaction() throws {
        let plain = try keys(trial.hit("_p=1&_s=1&en=purchase&ep.transaction_id=T-1"))
        #expect(plain.event != 0)
        #expect(plain.order == 0)
        let hit = try keys(trial.hit("_p=1&_s=2&en=purchase&ep.transaction_id=T-1&ep.event_id=e-1"))
        #expect(hit.order == plain.event)
        #expect(hit.event != plain.event)
        let server = try keys(
            trial.measurementProtocol(#"{"name":"purchase","params":{"transaction_id":"T-1","event_id":"e-2"}}"#))
        #expect(server.order == plain.event)
    }

    @Test("other events of these inputs have none")
    func otherEvents() throws {
        #expect(try keys(trial.hit("_p=1&_s=1&en=add_to_cart&ep.transaction_id=T-1&ep.event_id=e-1")).order == 0)
    }

    @Test("the order id of a Pinterest-shaped or a Segment checkout is no key: their event ids decide")
    func otherInputs() throws {
        let shaped = try keys(trial.pinterestEvent(#""event_id":"e-1","custom_data":{"order_id":"T-1"}"#))
        #expect(shaped.order == 0)
        #expect(shaped.event != 0)
        let order = #"{"type":"track","event":"Order Completed","messageId":"m-1","properties":{"order_id":"T-1"},"#
        let segment = try keys(trial.segment([order + Sample.email + "}"]))
        #expect(segment.order == 0)
        #expect(segment.event != 0)
    }

    @Test("name and id make the event's key, the same through every input")
    func acrossInputs() throws {
        let hit = try keys(trial.hit("_p=1&_s=1&en=purchase&ep.transaction_id=T-1"))
        let shaped = try keys(trial.pinterestEvent(#""event_id":"T-1""#))
        let segment = try keys(trial.segment([Sample.order("T-1")]))
        #expect(shaped.event == hit.event)
        #expect(segment.event == hit.event)
        #expect(segment.message != 0 && segment.message != segment.event)
        #expect(try keys(trial.segment([Sample.order("T-2")])).event != hit.event)
    }

    @Test("a test-mode destination's keys are others than those of the same account")
    func testMode() throws {
        let other = try PipelineTrial(
            Sample.twoDestinations.replacing(#"token: "token-of-the-shop""#, with: "token: t-o-s, test_mode: true"))
        let one = try trial.segment([Sample.order("m-1")])
        let two = try other.segment([Sample.order("m-1")])
        #expect(one.blocks[0].keys[0].event != two.blocks[0].keys[0].event)
        #expect(one.blocks[1].keys == two.blocks[1].keys)
    }
}
