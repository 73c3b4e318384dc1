import Journal
import Testing

@Suite("BlockPacker")
struct BlockPackerTests {
    private func pack(_ blocks: [(DestinationIndex, [String])], events: Int = 3, bytes: Int = 1000) -> [[String]] {
        var packer = BlockPacker(maxEvents: events, maxBytes: bytes)
        for (destination, ids) in blocks { packer.add(EventBlock(ids: ids), to: destination) }
        return packer.rows.map { ["\($0.destination)"] + $0.block.ids }
    }

    @Test("blocks of one destination share a row, in order")
    func sharing() {
        #expect(pack([(0, ["a"]), (0, ["b", "c"])]) == [["0", "a", "b", "c"]])
    }

    @Test("destinations never share a row")
    func destinations() {
        #expect(pack([(0, ["a"]), (1, ["b"]), (0, ["c"])]) == [["0", "a", "c"], ["1", "b"]])
    }

    @Test("a row ends before it would pass the number of events")
    func eventLimit() {
        #expect(pack([(0, ["a", "b"]), (0, ["c", "d"]), (0, ["e"])]) == [["0", "a", "b"], ["0", "c", "d", "e"]])
    }

    @Test("a row ends before it would pass the number of bytes")
    func byteLimit() {
        #expect(pack([(0, ["a"]), (0, ["b"])], bytes: 20) == [["0", "a"], ["0", "b"]])
    }

    @Test("a block beyond the limits is split between its events")
    func splitting() {
        #expect(pack([(0, ["a", "b", "c", "d"])]) == [["0", "a", "b", "c"], ["0", "d"]])
    }

    @Test("a single event beyond the limit stands alone")
    func largeEvent() {
        let large = String(repeating: "x", count: 50)
        #expect(pack([(0, ["a", large, "b"])], bytes: 30) == [["0", "a"], ["0", large], ["0", "b"]])
    }

    @Test("an empty block gives no row")
    func empty() {
        #expect(pack([(0, [])]).isEmpty)
    }
}
