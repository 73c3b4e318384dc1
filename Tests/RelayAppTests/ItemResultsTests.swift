import RelayModel
import Testing

@testable import RelayApp

@Suite("ItemResults")
struct ItemResultsTests {
    @Test("without items there is nothing, and an item of which nothing is known is accepted")
    func empty() {
        var results = ItemResults()
        #expect(results.list().isEmpty)
        results.beginItem()
        #expect(results.list(repeats: [0]) == [.accepted(nil)])
    }

    @Test("an item of several events is a duplicate when all of them are repeats")
    func severalEvents() {
        var results = ItemResults()
        results.beginItem()
        results.append(toBlock: 0)
        results.append(toBlock: 1)
        results.append(toBlock: 0)
        // Places 0 and 1 are of the first block.
        #expect(results.list() == [.accepted(nil)])
        #expect(results.list(repeats: [0, 1]) == [.accepted(nil)])
        #expect(results.list(repeats: [0, 2]) == [.accepted(nil)])
        #expect(results.list(repeats: [0, 1, 2]) == [.duplicate])
    }

    @Test("events that were not to be sent do not keep an item from being a duplicate, a dead letter does")
    func mixed() {
        var results = ItemResults()
        results.beginItem()
        results.end(.accepted(.noConsent))
        results.append(toBlock: 0)
        results.beginItem()
        results.append(toBlock: 0)
        results.end(.rejected(.schema))
        #expect(results.list(repeats: [0, 1]) == [.duplicate, .rejected(.schema)])
        #expect(results.list() == [.accepted(nil), .accepted(nil)])
    }

    @Test("places out of range are passed over")
    func outOfRange() {
        var results = ItemResults()
        results.beginItem()
        results.append(toBlock: 0)
        #expect(results.list(repeats: [7]) == [.accepted(nil)])
        #expect(results.list(repeats: [0, 7]) == [.duplicate])
    }
}
