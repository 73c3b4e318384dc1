import GRDB
import Journal

/// What is left of a group's appends when their repeats are out.
struct AdmittedAppends {
    var rows: [DestinationBlock] = []
    var deadLetters: [DeadLetter] = []
    /// Repeats by source.
    var repeats: [Int: Int] = [:]
    /// Which events were repeats, by the places in their append, for the appends that ask.
    var listed: [AppendTicket: [Int]] = [:]
    /// Where the index of repeats stood before.
    var mark: RepeatIndex.Mark

    /// Counts a block's repeats, and lists them where the append asks.
    /// - Parameter place: of the block's first event in its append.
    mutating func note(_ offsets: Set<Int>, from place: Int, of append: JournalAppend) {
        repeats[append.source, default: 0] += offsets.count
        if append.listsRepeats { listed[append.ticket, default: []] += offsets.sorted().map { place + $0 } }
    }
}

// Every append passes here, in order: so this is where repeats are told from new events.
extension JournalWriter {
    /// Decides on each event and packs those that are new.
    func admit(_ appends: [JournalAppend], _ now: Int64) -> AdmittedAppends {
        repeats.advance(to: now)
        var admitted = AdmittedAppends(mark: repeats.mark)
        var packer = BlockPacker(maxEvents: core.settings.maxRowEvents)
        for append in appends {
            var place = 0
            for block in append.blocks {
                let known = repeatedOffsets(in: block)
                if known.isEmpty {
                    packer.add(block.block, to: block.destination)
                } else {
                    packer.add(block.block.removing(known), to: block.destination)
                    admitted.note(known, from: place, of: append)
                }
                place += block.block.eventCount
            }
            admitted.deadLetters += append.deadLetters
        }
        admitted.rows = packer.rows
        return admitted
    }

    private func repeatedOffsets(in block: DestinationBlock) -> Set<Int> {
        var known: Set<Int> = []
        for (offset, keys) in block.keys.enumerated() where !repeats.admit(keys) { known.insert(offset) }
        return known
    }

    /// Stores the keys that have come since the mark, and deletes what is forgotten.
    func storeKeys(since mark: RepeatIndex.Mark, _ db: Database) throws {
        let table = RepeatTable(db)
        for slice in repeats.slices(since: mark) {
            try table.put(slice)
            log.wrote(byteCount: slice.keys.count * 8)
        }
        if repeats.firstSliceID > deletedBelow { try table.delete(below: repeats.firstSliceID) }
    }
}
