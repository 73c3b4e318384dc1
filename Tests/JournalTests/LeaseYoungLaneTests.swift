import Foundation
import Journal
import JournalSQLite
import Testing

@Suite("Leasing: fresh events before a backlog", .serialized)
struct LeaseYoungLaneTests {
    private static let minute: Int64 = 60_000
    private let directory = TemporaryDirectory()
    private let clock = TestClock()

    private func open() throws -> (SQLiteJournal, RecordingObserver) {
        var settings = JournalSettings(directory: directory.path, allowsVolatile: true)
        settings.youngMillis = 45 * Self.minute
        let journal = try SQLiteJournal(
            settings: settings, destinations: ["shop"], nowMillis: { [clock] in clock.millis })
        let observer = RecordingObserver()
        journal.start(observer)
        return (journal, observer)
    }

    private func append(_ ids: [String], _ journal: SQLiteJournal, _ observer: RecordingObserver) throws {
        let ticket = AppendTicket(loop: 0, request: UInt64.random(in: 1...UInt64.max / 2))
        let block = DestinationBlock(destination: 0, block: EventBlock(ids: ids))
        #expect(journal.append(JournalAppend(ticket: ticket, blocks: [block], deadLetters: [])))
        #expect(try observer.outcomes(of: ticket) == [.stored])
    }

    private func lease(_ count: Int, _ journal: SQLiteJournal, _ observer: RecordingObserver) throws -> Lease {
        journal.lease(LeaseRequest(destination: 0, maxEvents: count))
        return try observer.nextLease()
    }

    @Test("after an outage new events go first, the backlog gets every fourth, and all are handed out once")
    func outage() throws {
        let (journal, observer) = try open()
        defer { journal.close() }
        for index in 0..<40 {
            try append(["old\(index)"], journal, observer)
            clock.advance(3 * Self.minute)
        }
        // Two hours have passed; the last events of them are young still.
        for index in 0..<20 { try append(["new\(index)"], journal, observer) }
        let first = try lease(8, journal, observer)
        #expect(first.ids.count == 8 && first.moreIsDue)
        #expect(first.ids.count { $0.hasPrefix("old") && (Int($0.dropFirst(3)) ?? 99) < 20 } == 2, "\(first.ids)")
        var all = first.ids
        for _ in 0..<60 {
            let next = try lease(3, journal, observer)
            all += next.ids
            if !next.moreIsDue { break }
        }
        #expect(all.count == 60 && Set(all).count == 60)
        let lastNew = try #require(all.lastIndex { $0.hasPrefix("new") })
        let lastOld = try #require(all.lastIndex { $0.hasPrefix("old") })
        #expect(lastNew < lastOld)
        let oldOrder = all.filter { $0.hasPrefix("old") }.compactMap { Int($0.dropFirst(3)) }.filter { $0 < 20 }
        #expect(oldOrder == oldOrder.sorted())
    }

    @Test("what is given back behind either cursor comes again, and only once")
    func givenBack() throws {
        let (journal, observer) = try open()
        defer { journal.close() }
        try append(["old"], journal, observer)
        clock.advance(120 * Self.minute)
        try append(["new1"], journal, observer)
        try append(["new2"], journal, observer)
        let first = try lease(2, journal, observer)
        #expect(first.ids.contains("new1"))
        journal.settle(first.blocks.map { $0.remaining($0.block.ids, attempts: 0) })
        try observer.waitSettled(total: first.blocks.count)
        var seen: [String] = []
        for _ in 0..<6 {
            let next = try lease(1, journal, observer)
            seen += next.ids
        }
        #expect(seen.sorted() == ["new1", "new2", "old"])
    }

    @Test(
        "any sequence of storing, leasing and giving back hands each event out until it is settled", arguments: 0..<12)
    func anySequence(seed: UInt64) throws {
        var random = Dice(state: seed &* 7919 &+ 3)
        let (journal, observer) = try open()
        defer { journal.close() }
        var made = 0
        var open: Set<String> = []
        var held: [LeasedBlock] = []
        var settled = 0
        func settle(_ block: LeasedBlock, gives: Bool) throws {
            journal.settle([gives ? block.remaining(block.block.ids, attempts: 0) : block.delivered()])
            settled += 1
            try observer.waitSettled(total: settled)
            if !gives { open.subtract(block.block.ids) }
        }
        for _ in 0..<250 {
            switch random.next(6) {
            case 0, 1:
                let ids = (0..<random.next(4) + 1).map { "e\(made + $0)" }
                made += ids.count
                open.formUnion(ids)
                try append(ids, journal, observer)
            case 2: clock.advance(Int64(random.next(40)) * Self.minute)
            case 3, 4:
                let lease = try lease(random.next(6) + 1, journal, observer)
                let heldIDs = Set(held.flatMap(\.block.ids))
                #expect(heldIDs.isDisjoint(with: lease.ids) && Set(lease.ids).isSubset(of: open))
                held += lease.blocks
            default:
                guard !held.isEmpty else { continue }
                try settle(held.remove(at: random.next(held.count)), gives: random.next(3) == 0)
            }
        }
        for block in held { try settle(block, gives: true) }
        for _ in 0..<(open.count + 20) where !open.isEmpty {
            let lease = try lease(5, journal, observer)
            for block in lease.blocks { try settle(block, gives: false) }
        }
        #expect(open.isEmpty && journal.snapshot.queuedEvents == [0])
    }
}

private struct Dice {
    var state: UInt64

    mutating func next(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(bound))
    }
}
