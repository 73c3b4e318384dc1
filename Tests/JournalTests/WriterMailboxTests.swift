import Journal
import JournalSQLite
import Testing

@Suite("WriterMailbox")
struct WriterMailboxTests {
    private func append(_ request: UInt64, byteCount: Int = 1) -> JournalAppend {
        var block = EventBlock()
        block.append(nameCode: 0, eventTime: 0, json: [UInt8](repeating: 0, count: byteCount))
        return JournalAppend(
            ticket: AppendTicket(loop: 0, request: request),
            blocks: [DestinationBlock(destination: 0, block: block)], deadLetters: [])
    }

    @Test("appends beyond the number are refused until the mailbox is emptied")
    func count() {
        let mailbox = WriterMailbox(maxAppends: 2, maxBytes: 1 << 20)
        mailbox.open()
        #expect([1, 2, 3].map { mailbox.post(append($0)) } == [true, true, false])
        #expect(mailbox.take().appends.map(\.ticket.request) == [1, 2])
        #expect(mailbox.post(append(4)))
    }

    @Test("appends beyond the bytes are refused, but one is always taken")
    func bytes() {
        let mailbox = WriterMailbox(maxAppends: 10, maxBytes: 1000)
        mailbox.open()
        #expect(mailbox.post(append(1, byteCount: 5000)))
        #expect(!mailbox.post(append(2)))
        _ = mailbox.take()
        #expect(mailbox.post(append(3)))
        #expect(mailbox.post(append(4)))
        #expect(!mailbox.post(append(5, byteCount: 1000)))
    }

    @Test("settlements and leases are taken also when appends are not")
    func appendsRefused() {
        let mailbox = WriterMailbox(maxAppends: 1, maxBytes: 1)
        #expect(!mailbox.post(append(1)))
        mailbox.post(LeaseRequest(destination: 0, maxEvents: 1))
        mailbox.post([Settlement(blockID: 1, destination: 0)])
        let group = mailbox.take()
        #expect(group.leases.count == 1)
        #expect(group.settlements.count == 1)
        #expect(!group.isLast)
        #expect(mailbox.isIdle)
    }

    @Test("what came before the end is in the last group, and nothing after it")
    func closing() {
        let mailbox = WriterMailbox(maxAppends: 2, maxBytes: 1 << 20)
        mailbox.open()
        #expect(mailbox.post(append(1)))
        mailbox.close()
        #expect(!mailbox.post(append(2)))
        mailbox.post(LeaseRequest(destination: 0, maxEvents: 1))
        let group = mailbox.take()
        #expect(group.appends.count == 1)
        #expect(group.leases.isEmpty)
        #expect(group.isLast)
    }
}
