import Foundation
import GRDB
import Journal
import JournalSQLite
import RelayModel
import Testing

@Suite("SQLiteJournal and damaged files")
struct SQLiteJournalDamageTests {
    private static let page = 4096

    private func open(_ directory: TemporaryDirectory) throws -> (SQLiteJournal, RecordingObserver) {
        var settings = JournalSettings.sample(directory)
        settings.checkDelay = .milliseconds(1)
        let journal = try SQLiteJournal(settings: settings, destinations: ["shop"])
        let observer = RecordingObserver()
        journal.start(observer)
        return (journal, observer)
    }

    /// A journal of so many events, one a block, and one dead letter; closed.
    private func filled(_ count: Int, byteCount: Int = 1500) throws -> TemporaryDirectory {
        let directory = TemporaryDirectory()
        let (journal, observer) = try open(directory)
        for number in 0..<count {
            let id = "event-\(number)-" + String(repeating: "x", count: byteCount)
            #expect(journal.append(.sample(number, id: id)))
            _ = try observer.outcomes(of: AppendTicket(loop: 0, request: UInt64(number)))
        }
        let letter = JournalAppend(
            ticket: AppendTicket(loop: 1, request: 0), blocks: [], deadLetters: [.sample("buried")])
        #expect(journal.append(letter))
        _ = try observer.outcomes(of: letter.ticket)
        journal.close()
        return directory
    }

    private func damage(_ directory: TemporaryDirectory, pages: Range<Int>) throws {
        let file = try #require(FileHandle(forUpdatingAtPath: directory.path + "/journal.sqlite"))
        try file.seek(toOffset: UInt64(pages.lowerBound * Self.page))
        try file.write(contentsOf: Data(repeating: 0xa5, count: pages.count * Self.page))
        try file.close()
    }

    private func setAside(_ directory: TemporaryDirectory) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory.path)
            .filter { $0.hasPrefix("journal.damaged-") && $0.hasSuffix(".sqlite") }
    }

    /// Leases and delivers until nothing comes any more.
    private func drain(_ journal: SQLiteJournal, _ observer: RecordingObserver) throws -> [String] {
        var ids: [String] = []
        let end = Date(timeIntervalSinceNow: 20)
        while Date() < end {
            journal.lease(LeaseRequest(destination: 0, maxEvents: 1000))
            let blocks = try observer.nextLease().blocks
            ids += blocks.flatMap(\.block.ids)
            if !blocks.isEmpty {
                let total = observer.settledTotal + blocks.count
                journal.settle(blocks.map { $0.delivered() })
                try observer.waitSettled(total: total)
            } else if observer.salvages.contains(where: \.isEnded) {
                return ids
            } else {
                usleep(5000)
            }
        }
        return ids
    }

    @Test(
        "leaves that are lost cost their own rows alone: the first one too, and with good ones between them",
        arguments: [[0], [1], [7], [3, 4, 6], [0, 2, 9]])
    func leaves(places: [Int]) throws {
        let directory = try filled(60)
        defer { directory.remove() }
        let leaves = try pages(of: "blocks", in: directory)
        for place in places { try damage(directory, pages: leaves[place] - 1..<leaves[place]) }
        let (journal, observer) = try open(directory)
        defer { journal.close() }
        let ids = Set(try drain(journal, observer).map { $0.prefix(while: { $0 != "x" }) })
        // Two such rows share a leaf.
        #expect(ids.count >= 60 - 2 * places.count, "\(ids.count)")
        #expect(ids.count + observer.salvages.reduce(0) { $0 + $1.lost.values.reduce(0, +) } == 60)
    }

    @Test("a file that is no database is set aside with a timestamp, and appends go on into a fresh one")
    func noDatabase() throws {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        try FileManager.default.createDirectory(atPath: directory.path, withIntermediateDirectories: true)
        let path = directory.path + "/journal.sqlite"
        try Data(repeating: 0x58, count: 8192).write(to: URL(fileURLWithPath: path))
        let (journal, observer) = try open(directory)
        defer { journal.close() }
        let aside = try setAside(directory)
        #expect(aside.count == 1)
        #expect(try Data(contentsOf: URL(fileURLWithPath: directory.path + "/" + aside[0])).count == 8192)
        #expect(journal.snapshot.filesSetAside == 1)
        #expect(journal.append(.sample(1)))
        #expect(try observer.outcomes(of: AppendTicket(loop: 0, request: 1)) == [.stored])
        #expect(try drain(journal, observer) == ["1"])
    }

    @Test("damage found while running: the file is set aside, appends go on, what can be read is queued again")
    func running() throws {
        let directory = try filled(400)
        defer { directory.remove() }
        let pages = try pages(of: "blocks", in: directory)
        let (journal, observer) = try open(directory)
        defer { journal.close() }
        #expect(journal.snapshot.queuedEvents == [400])
        // A leaf in the middle of the table; the index stays whole, so that the lease finds the rows and cannot read them.
        try damage(directory, pages: pages[pages.count / 2] - 1..<pages[pages.count / 2])
        let ids = try drain(journal, observer)
        let unique = Set(ids.map { $0.prefix(while: { $0 != "x" }) })
        #expect(unique.count >= 390, "\(unique.count)")
        #expect(try setAside(directory).count == 1)
        #expect(journal.snapshot.isWritable && journal.snapshot.takesAppends)
        let lost = observer.salvages.reduce(0) { $0 + $1.lost.values.reduce(0, +) }
        #expect(journal.snapshot.queuedEvents == [0])
        // Those that were leased when the damage was found may have come twice.
        #expect(unique.count + lost == 400)
        #expect(lost > 0)
        #expect(journal.append(.sample(1000)))
        #expect(try observer.outcomes(of: AppendTicket(loop: 0, request: 1000)) == [.stored])
        // The dead letter of before, and the lost ones.
        #expect(try journal.deadLetters(limit: 1000).count == 1 + lost)
        #expect(journal.snapshot.deadLetters == 1 + lost)
    }

    @Test("damage that only SQLite's own check finds is found in the background after an unclean end")
    func check() throws {
        let directory = try filled(100)
        defer { directory.remove() }
        let pages = try pages(of: "dead_letters_by_destination", in: directory)
        let (first, _) = try open(directory)
        #expect(first.append(.sample(1)))
        // The files as a crash leaves them: with a log.
        while DirectorySize.log(directory) == 0 { usleep(1000) }
        let left = try directory.copy()
        defer { left.remove() }
        first.close()
        try damage(left, pages: pages[0] - 1..<pages[0])
        let (journal, observer) = try open(left)
        defer { journal.close() }
        let end = Date(timeIntervalSinceNow: 20)
        while !observer.salvages.contains(where: \.isEnded), Date() < end { usleep(5000) }
        #expect(try setAside(left).count == 1)
        #expect(observer.salvages.reduce(0) { $0 + $1.queuedAgain } >= 100)
        #expect(observer.salvages.allSatisfy { $0.lost.isEmpty })
        #expect(try drain(journal, observer).count >= 100)
    }

    @Test("a file of which nothing can be read stands aside, and is looked through once")
    func unreadable() throws {
        let directory = try filled(20)
        defer { directory.remove() }
        try damage(directory, pages: 0..<1)
        let (journal, observer) = try open(directory)
        #expect(try drain(journal, observer).isEmpty)
        journal.close()
        let (again, second) = try open(directory)
        defer { again.close() }
        again.lease(LeaseRequest(destination: 0, maxEvents: 1))
        #expect(try second.nextLease().blocks.isEmpty)
        #expect(second.salvages.isEmpty)
        #expect(again.snapshot.filesSetAside == 1)
    }

    @Test("a salvage that was cut off goes on where it was, and what it finds counts as recovered")
    func resumed() throws {
        let directory = try filled(10)
        defer { directory.remove() }
        let aside = "journal.damaged-20260101T000000Z.sqlite"
        try FileManager.default.moveItem(
            atPath: directory.path + "/journal.sqlite", toPath: directory.path + "/" + aside)
        try SQLiteJournal(settings: .sample(directory), destinations: ["shop"]).close()
        try directory.edit { db in
            try db.execute(sql: "INSERT INTO salvages VALUES (?, 6, 0, 0)", arguments: [aside])
        }
        let (journal, observer) = try open(directory)
        defer { journal.close() }
        #expect(try drain(journal, observer).count == 4)
        #expect(observer.salvages.reduce(0) { $0 + $1.newlyFound } == 4)
        #expect(try journal.deadLetters(limit: 10).map(\.eventID) == ["buried"])
    }

    @Test("a crash between the two names of a damaged file's parts does not bring log and database apart")
    func cutOff() throws {
        let directory = try filled(3)
        defer { directory.remove() }
        let aside = "journal.damaged-20260101T000000Z.sqlite"
        try Data().write(to: URL(fileURLWithPath: directory.path + "/\(aside)-wal"))
        let (journal, observer) = try open(directory)
        defer { journal.close() }
        #expect(try setAside(directory) == [aside])
        #expect(try drain(journal, observer).count == 3)
        #expect(observer.salvages.reduce(0) { $0 + $1.newlyFound } == 3)
    }

    /// The numbers of a table's or an index's leaf pages.
    private func pages(of name: String, in directory: TemporaryDirectory) throws -> [Int] {
        let queue = try DatabaseQueue(path: directory.path + "/journal.sqlite")
        defer { try? queue.close() }
        return try queue.read { db in
            let root = try Int.fetchOne(db, sql: "SELECT rootpage FROM sqlite_master WHERE name = ?", arguments: [name])
            return Self.leaves(
                of: try #require(root),
                in: try Data(contentsOf: URL(fileURLWithPath: directory.path + "/journal.sqlite")))
        }
    }

    /// Walks the b-tree by the file format's page headers: interior pages are of type 5 and 2.
    private static func leaves(of page: Int, in file: Data) -> [Int] {
        let start = (page - 1) * Self.page + (page == 1 ? 100 : 0)
        guard file[start] == 5 || file[start] == 2 else { return [page] }
        func number(_ at: Int, _ bytes: Int) -> Int { (0..<bytes).reduce(0) { $0 << 8 | Int(file[at + $1]) } }
        let cells = (0..<number(start + 3, 2)).map { (page - 1) * Self.page + number(start + 12 + 2 * $0, 2) }
        return (cells.map { number($0, 4) } + [number(start + 8, 4)]).flatMap { leaves(of: $0, in: file) }
    }
}

private enum DirectorySize {
    static func log(_ directory: TemporaryDirectory) -> Int {
        let found = try? FileManager.default.attributesOfItem(atPath: directory.path + "/journal.sqlite-wal")
        return found?[.size] as? Int ?? 0
    }
}
