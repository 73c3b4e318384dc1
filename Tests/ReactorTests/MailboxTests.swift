import Reactor
import Synchronization
import Testing

@Suite("Mailbox")
struct MailboxTests {
    @Test("messages from one thread arrive in order, all of them")
    func order() throws {
        let loop = try EventLoop(name: "test")
        let seen = Seen<Int>()
        let mailbox = try Mailbox<Int>(on: loop, capacity: 100_000, perTurn: 7) { number in
            seen.append(number)
            if number == 9_999 { loop.stop() }
        }
        let thread = try WorkerThread(name: "loop") { loop.run() }
        for number in 0..<10_000 { #expect(mailbox.send(number)) }
        thread.join()
        #expect(seen.all == Array(0..<10_000))
        #expect(mailbox.waiting == 0)
    }

    @Test("messages from several threads all arrive, each thread's in order")
    func manySenders() throws {
        let loop = try EventLoop(name: "test")
        let seen = Seen<[Int]>()
        let mailbox = try Mailbox<[Int]>(on: loop, capacity: 100_000) { message in
            seen.append(message)
            if seen.count == 4_000 { loop.stop() }
        }
        let thread = try WorkerThread(name: "loop") { loop.run() }
        let senders = try (0..<4).map { sender in
            try WorkerThread(name: "sender") {
                for number in 0..<1_000 { mailbox.send([sender, number]) }
            }
        }
        for sender in senders { sender.join() }
        thread.join()
        for sender in 0..<4 {
            #expect(seen.all.filter { $0[0] == sender }.map { $0[1] } == Array(0..<1_000))
        }
    }

    @Test("a full mailbox refuses, counts what it refused, and takes messages again once emptied")
    func bound() throws {
        let loop = try EventLoop(name: "test")
        let seen = Seen<Int>()
        let mailbox = try Mailbox<Int>(on: loop, capacity: 2) { seen.append($0) }
        #expect(mailbox.send(1))
        #expect(mailbox.send(2))
        #expect(!mailbox.send(3))
        #expect(mailbox.refused == 1)
        #expect(mailbox.waiting == 2)
        mailbox.drainAll()
        #expect(mailbox.send(4))
        mailbox.drainAll()
        #expect(seen.all == [1, 2, 4])
    }

    @Test("a turn handles no more than its share, so that a timer fires in between")
    func share() throws {
        let loop = try EventLoop(name: "test")
        let seen = Seen<Int>()
        let mailbox = try Mailbox<Int>(on: loop, capacity: 100, perTurn: 10) { seen.append($0) }
        let timer = LoopTimer(on: loop) {
            seen.append(-1)
            loop.stop()
        }
        for number in 0..<100 { mailbox.send(number) }
        timer.schedule(after: .zero)
        loop.run()
        // The timer is due in the first turns, and each of those may handle 10.
        #expect(seen.count <= 31)
        mailbox.drainAll()
        #expect(seen.all.filter { $0 >= 0 } == Array(0..<100))
    }

    @Test("a handler may send to its own mailbox")
    func reentrance() throws {
        let loop = try EventLoop(name: "test")
        let seen = Seen<Int>()
        let own = OwnMailbox()
        own.mailbox = try Mailbox<Int>(on: loop, capacity: 100) { [unowned own] number in
            seen.append(number)
            if number == 5 { loop.stop() } else { own.mailbox?.send(number + 1) }
        }
        own.mailbox?.send(0)
        loop.run()
        #expect(seen.all == [0, 1, 2, 3, 4, 5])
    }

    @Test("a mailbox may be dropped by another thread while its loop runs")
    func dropped() throws {
        let loop = try EventLoop(name: "test")
        var mailbox: Mailbox<Int>? = try Mailbox<Int>(on: loop, capacity: 100) { _ in }
        let thread = try WorkerThread(name: "loop") { loop.run() }
        for number in 0..<100 { mailbox?.send(number) }
        mailbox = nil
        loop.stop()
        thread.join()
    }

    private final class OwnMailbox {
        var mailbox: Mailbox<Int>?
    }
}

/// Collects what a loop's thread reports.
final class Seen<Value: Sendable>: Sendable {
    private let values = Mutex<[Value]>([])

    func append(_ value: Value) { values.withLock { $0.append(value) } }
    var all: [Value] { values.withLock { $0 } }
    var count: Int { values.withLock { $0.count } }
}
