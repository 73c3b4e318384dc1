import Journal
import RelayModel
import Testing

@Suite("EventBlock")
struct EventBlockTests {
    @Test("entries come back as they were appended")
    func roundTrip() throws {
        var block = EventBlock()
        block.append(nameCode: StandardEvent.lead.rawValue, eventTime: -1, json: Array("{}".utf8))
        block.append(nameCode: EventBlock.advertiserDefinedCode, eventTime: .max, json: [])
        let stored = try #require(EventBlock(payload: block.payload, eventCount: 2))
        #expect(stored == block)
        #expect(stored.entries.map(\.name) == [.lead, nil])
        #expect(stored.entries.map(\.eventTime) == [-1, .max])
        #expect(stored.entries.map { stored.payload[$0.json].count } == [2, 0])
    }

    @Test("an entry has the documented layout")
    func layout() {
        var block = EventBlock()
        block.append(nameCode: 7, eventTime: 0x0102, json: [0xaa])
        #expect(block.payload == [1, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0, 0, 7, 0xaa])
    }

    @Test("joined blocks hold the entries of both")
    func joining() {
        var block = EventBlock(ids: ["a"])
        block.append(EventBlock(ids: ["b", "c"]))
        #expect(block == EventBlock(ids: ["a", "b", "c"]))
    }

    @Test("a payload of no bytes is a block of no events")
    func empty() {
        #expect(EventBlock(payload: [], eventCount: 0)?.isEmpty == true)
    }

    @Test(
        "a damaged payload is no block",
        arguments: [
            ([0], 1), ([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7], 1), (EventBlock(ids: ["a"]).payload, 2),
            (EventBlock(ids: ["a"]).payload, 0), (EventBlock(ids: ["a"]).payload + [0], 1), ([], 1), ([], -1),
            ([255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0, 7, 1], 1),
        ])
    func damaged(payload: [UInt8], eventCount: Int) {
        #expect(EventBlock(payload: payload, eventCount: eventCount) == nil)
    }
}
