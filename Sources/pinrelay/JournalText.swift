import Foundation
import JournalSQLite
import RelayApp

/// A journal's figures as a person reads them.
struct JournalText {
    let text: String

    init(_ stats: JournalStats, now: Date = Date()) {
        var lines = ["journal      \(stats.directory) (\(stats.schema))"]
        for queue in stats.queues {
            var line = "queued       \(queue.destination): \(queue.events) events in \(queue.blocks) blocks"
            if let oldest = queue.oldestStoredMillis { line += ", oldest \(Self.age(oldest, now))" }
            lines.append(line)
        }
        if stats.queues.isEmpty { lines.append("queued       nothing") }
        for (reason, count) in stats.deadLetters.sorted(by: { $0.key < $1.key }) {
            lines.append("dead         \(reason): \(count)")
        }
        lines.append("repeat keys  \(stats.repeatKeys)")
        lines.append(
            "files        database \(Self.size(stats.fileBytes)), log \(Self.size(stats.logBytes)), ballast "
                + "\(Self.size(stats.ballastBytes)); \(Self.size(stats.diskAvailableBytes)) left on the disk")
        if stats.damagedBlocks > 0 { lines.append("damaged      \(stats.damagedBlocks) blocks kept") }
        for file in stats.damagedFiles { lines.append("damaged      \(file) stands aside") }
        text = lines.joined(separator: "\n")
    }

    private static func age(_ millis: Int64, _ now: Date) -> String {
        let seconds = max(0, Int64(now.timeIntervalSince1970) - millis / 1000)
        return switch seconds {
        case ..<120: "\(seconds) s old"
        case ..<7200: "\(seconds / 60) min old"
        case ..<172_800: "\(seconds / 3600) h old"
        default: "\(seconds / 86_400) days old"
        }
    }

    private static func size(_ bytes: Int64) -> String {
        switch bytes {
        case ..<1024: "\(bytes) B"
        case ..<(1 << 20): "\(bytes >> 10) KiB"
        case ..<(1 << 30): "\(bytes >> 20) MiB"
        default: "\(bytes >> 30) GiB"
        }
    }
}

/// One exported event: a JSON object on a line.
struct ExportLine {
    let bytes: Data

    init(queued event: QueuedEvent) {
        bytes = Self.line(
            [
                ("kind", "\"queued\""), ("destination", Self.quoted(event.destination)), ("block", "\(event.blockID)"),
                ("attempts", "\(event.attempts)"), ("stored_ms", "\(event.storedMillis)"),
                ("due_ms", "\(event.dueMillis)"),
            ], event: event.json)
    }

    init(dead letter: StoredDeadLetter) {
        bytes = Self.line(
            [
                ("kind", "\"dead\""), ("destination", letter.destination.map(Self.quoted) ?? "null"),
                ("id", "\(letter.id)"), ("source", Self.quoted(letter.source)),
                ("event_name", Self.quoted(letter.eventName)), ("event_id", Self.quoted(letter.eventID)),
                ("event_time", "\(letter.eventTime)"), ("reason", Self.quoted(letter.reason)),
                ("message", Self.quoted(letter.message)), ("attempts", "\(letter.attempts)"),
                ("stored_ms", "\(letter.storedMillis)"),
            ], event: letter.json)
    }

    private static func line(_ members: [(String, String)], event: [UInt8]) -> Data {
        var line = Data(("{" + members.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",")).utf8)
        if !event.isEmpty {
            line += Data(",\"event\":".utf8)
            line += Data(ClientDataMask.masked(event))
        }
        return line + Data("}\n".utf8)
    }

    private static func quoted(_ text: String) -> String {
        let encoded = try? JSONEncoder().encode(text)
        return encoded.map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
    }
}
