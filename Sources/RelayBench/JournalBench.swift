import Foundation
import Glibc
import Journal
import JournalSQLite
import Synchronization

/// A start with a long queue, for `make bench-start`: one process fills a journal, another opens it, and says how long
/// that took and what memory it has.
enum JournalBench {
    private static let eventBytes = 900

    /// - Parameter eventsPerBlock: 1 is the worst case: every event came alone, and stands in a row of its own.
    static func fill(_ directory: String, events: Int, eventsPerBlock: Int) throws {
        let journal = try open(directory, maxRowEvents: eventsPerBlock)
        let observer = CountingObserver()
        journal.start(observer)
        var random = SystemRandomNumberGenerator()
        var left = events
        var request: UInt64 = 0
        while left > 0 {
            var append = JournalAppend(
                ticket: AppendTicket(loop: 0, request: request), blocks: [], deadLetters: [])
            var block = EventBlock()
            var keys: [RepeatKeys] = []
            for _ in 0..<min(1000, left) {
                keys.append(RepeatKeys(message: random.next(), event: random.next()))
                block.append(nameCode: 0, eventTime: 1_763_000_000, json: [UInt8](repeating: 0x7b, count: eventBytes))
            }
            append.blocks = [DestinationBlock(destination: 0, block: block, keys: keys)]
            while !journal.append(append) { usleep(100) }
            request += 1
            left -= block.eventCount
        }
        journal.close()
    }

    /// Opens, leases once, and prints the figures.
    static func start(_ directory: String) throws {
        let clock = ContinuousClock()
        let before = residentKiB()
        var opened: SQLiteJournal?
        let opening = try clock.measure { opened = try open(directory) }
        guard let journal = opened else { return }
        let observer = CountingObserver()
        let leasing = clock.measure {
            journal.start(observer)
            journal.lease(LeaseRequest(destination: 0, maxEvents: 1000))
            while observer.leases.load(ordering: .acquiring) == 0 { usleep(100) }
        }
        let events = journal.snapshot.queuedEvents.reduce(0, +)
        print(
            "queued \(events), open \(milliseconds(opening)) ms, first lease \(milliseconds(leasing)) ms, "
                + "memory \((residentKiB() - before) / 1024) MiB more than before")
        _exit(0)
    }

    private static func open(_ directory: String, maxRowEvents: Int = 1000) throws -> SQLiteJournal {
        var settings = JournalSettings(directory: directory, maxBytes: 1 << 40)
        settings.maxRowEvents = maxRowEvents
        return try SQLiteJournal(settings: settings, destinations: ["bench"])
    }

    private static func milliseconds(_ duration: Duration) -> Int { Int(duration / .milliseconds(1)) }

    private static func residentKiB() -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    }
}

private final class CountingObserver: JournalObserver {
    let leases = Atomic<Int>(0)

    func repeated(_ counts: [Int: Int]) {}
    func appended(_ tickets: [AppendTicket], _ outcome: AppendOutcome, repeats: [AppendTicket: [Int]]) {}
    func ready(_ destinations: [DestinationIndex]) {}
    func leased(_ lease: Lease) { leases.add(1, ordering: .releasing) }
    func settled(_ settlements: [Settlement]) {}
    func committed(micros: Int64) {}
    func faulted(_ text: String, isFinal: Bool) {}
    func roomFound() {}
}
