import Delivery
import Foundation
import JSONTape
import Journal
import JournalSQLite

/// The stages behind the answer: what the journal and the talk with the upstream cost. The driver counts from outside.
enum QueueStage: String {
    /// Events that come alone, 64 at once, as 64 connections bring them: a commit or two for them all.
    case journalAppend
    /// The same, and then all of it leased 1000 at a time and settled as delivered.
    case leaseSettle
    /// Requests of 1000 events built from leased blocks, and the answers read.
    case upstream

    private static let together = 64
    private static let perBatch = 1000

    func run(events: Int) throws {
        guard self != .upstream else { return UpstreamTalk().run(events: events) }
        let directory = FileManager.default.temporaryDirectory.path + "/stage-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let journal = try JournalBench.open(directory)
        let ear = JournalEar()
        journal.start(ear)
        defer { journal.close() }
        append(events, to: journal, ear)
        if self == .leaseSettle { deliver(events, from: journal, ear) }
    }

    private func append(_ events: Int, to journal: SQLiteJournal, _ ear: JournalEar) {
        var orders = QueuedOrders()
        for first in stride(from: 0, to: events, by: Self.together) {
            let appends = (first..<min(events, first + Self.together)).map { _ in orders.append(events: 1) }
            ear.waitForAppends(appends.count) {
                for append in appends { precondition(journal.append(append), "the journal's mailbox is full") }
            }
        }
    }

    private func deliver(_ events: Int, from journal: SQLiteJournal, _ ear: JournalEar) {
        var left = events
        while left > 0 {
            let lease = ear.waitForLease { journal.lease(LeaseRequest(destination: 0, maxEvents: Self.perBatch)) }
            guard let lease, !lease.blocks.isEmpty else { fatalError("\(left) events are missing") }
            left -= lease.blocks.reduce(0) { $0 + $1.block.eventCount }
            journal.settle(lease.blocks.map(Self.delivered))
        }
    }

    private static func delivered(_ leased: LeasedBlock) -> Settlement {
        var settlement = Settlement(blockID: leased.id, destination: 0)
        settlement.delivered = [0: leased.block.eventCount]
        return settlement
    }
}

/// The delivery machine with an upstream that takes everything, without I/O.
private struct UpstreamTalk {
    private static let perBatch = 1000
    private static let nowMillis: Int64 = 1_763_000_000_000

    private let machine: DeliveryMachine<JSONTapeParser, SystemRandomNumberGenerator>
    private let block: EventBlock
    private let answer: UpstreamAnswer

    init() {
        let account = DestinationSettings(
            urlBase: "http://upstream", adAccountID: "1", authorization: AuthorizationValue("Bearer bench"))
        machine = DeliveryMachine(
            settings: DeliverySettings(destinations: [account]), parser: JSONTapeParser(),
            random: SystemRandomNumberGenerator())
        var block = EventBlock()
        let json = [UInt8](repeating: 0x7b, count: 900)
        for _ in 0..<Self.perBatch {
            block.append(nameCode: 0, eventTime: Self.nowMillis / 1000, json: json)
        }
        self.block = block
        let verdict = #"{"status":"processed","error_message":"","warning_message":""}"#
        let verdicts = repeatElement(verdict, count: Self.perBatch).joined(separator: ",")
        let head = "{\"num_events_received\":\(Self.perBatch),\"num_events_processed\":\(Self.perBatch),\"events\":["
        answer = UpstreamAnswer(status: 200, body: Array((head + verdicts + "]}").utf8))
    }

    func run(events: Int) {
        var delivered = 0
        var lastBlock: Int64 = 0
        var actions = machine.journalReady(0, now: Self.nowMillis)
        while delivered < events {
            precondition(!actions.isEmpty, "the delivery stands still after \(delivered) events")
            switch actions.removeFirst() {
            case .requestLease:
                lastBlock += 1
                actions += machine.leaseArrived(lease(lastBlock), now: Self.nowMillis)
            case .send(let batch):
                actions += machine.responded(batch.id, .answered(answer), now: Self.nowMillis)
            case .settle(let settlements):
                for settlement in settlements { delivered += settlement.delivered.values.reduce(0, +) }
            case .wakeAt, .report: break
            }
        }
    }

    private func lease(_ id: Int64) -> Lease {
        let leased = LeasedBlock(id: id, attempts: 0, storedMillis: Self.nowMillis, block: block)
        return Lease(destination: 0, blocks: [leased], moreIsDue: true, nextDueMillis: nil)
    }
}
