import Foundation
import Glibc
import Journal
import JournalSQLite

/// A journal with a long queue, for the rows of `make bench` that begin with one.
enum JournalBench {
    /// Appends events to the journal in a directory, for its first destination, whose name is `bench`.
    /// - Parameter eventsPerBlock: 1 is the worst case: every event came alone, and stands in a row of its own.
    static func fill(_ directory: String, events: Int, eventsPerBlock: Int) throws {
        let journal = try open(directory, maxRowEvents: eventsPerBlock)
        journal.start(JournalEar())
        var orders = QueuedOrders()
        var left = events
        while left > 0 {
            let append = orders.append(events: min(1000, left))
            while !journal.append(append) { usleep(100) }
            left -= 1000
        }
        journal.close()
    }

    static func open(_ directory: String, maxRowEvents: Int = 1000) throws -> SQLiteJournal {
        var settings = JournalSettings(directory: directory, maxBytes: 1 << 40)
        settings.maxRowEvents = maxRowEvents
        return try SQLiteJournal(settings: settings, destinations: ["bench"])
    }
}

/// Makes appends of events that are never repeats. An event is as long as an encoded order, and of this moment.
struct QueuedOrders {
    private static let json = [UInt8](repeating: 0x7b, count: 900)
    private let eventTime = SQLiteJournal.wallClockMillis() / 1000
    private var random = SystemRandomNumberGenerator()
    private var request: UInt64 = 0

    mutating func append(events: Int) -> JournalAppend {
        var block = EventBlock()
        var keys: [RepeatKeys] = []
        for _ in 0..<events {
            keys.append(RepeatKeys(message: random.next(), event: random.next()))
            block.append(nameCode: 0, eventTime: eventTime, json: Self.json)
        }
        request += 1
        return JournalAppend(
            ticket: AppendTicket(loop: 0, request: request),
            blocks: [DestinationBlock(destination: 0, block: block, keys: keys)], deadLetters: [])
    }
}
