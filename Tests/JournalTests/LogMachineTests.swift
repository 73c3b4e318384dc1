import JournalSQLite
import Testing

@Suite("LogMachine")
struct LogMachineTests {
    private func filled(_ frames: Int) -> LogMachine {
        var machine = LogMachine()
        machine.wrote(byteCount: (frames - LogMachine.framesPerRow) * LogMachine.pageByteCount)
        return machine
    }

    @Test("a short log is left alone")
    func short() {
        var machine = filled(LogMachine.copyFrames - 1)
        #expect(machine.next() == .nothing)
    }

    @Test("a grown log is copied beside the commits, one copy at a time")
    func grown() {
        var machine = filled(LogMachine.copyFrames)
        #expect(machine.next() == .copyBeside)
        machine.wrote(byteCount: LogMachine.copyFrames * LogMachine.pageByteCount)
        #expect(machine.next() == .nothing)
    }

    @Test("a copy that leaves nothing is the end of it")
    func whole() {
        var machine = filled(LogMachine.copyFrames)
        _ = machine.next()
        machine.copyEnded(remainingFrames: 0)
        #expect(machine.next() == .nothing)
    }

    @Test("a short tail is copied at once, so that the log can start again")
    func tail() {
        var machine = filled(LogMachine.copyFrames)
        _ = machine.next()
        machine.wrote(byteCount: 0)
        machine.copyEnded(remainingFrames: 0)
        #expect(machine.next() == .copyHere)
        machine.copyEnded(remainingFrames: 0)
        #expect(machine.next() == .nothing)
    }

    @Test("a long tail is copied beside the commits again")
    func longTail() {
        var machine = filled(LogMachine.copyFrames)
        _ = machine.next()
        machine.wrote(byteCount: (LogMachine.tailFrames + 1) * LogMachine.pageByteCount)
        machine.copyEnded(remainingFrames: 0)
        #expect(machine.next() == .copyBeside)
    }

    @Test("a log at its limit is waited for")
    func limit() {
        var machine = filled(LogMachine.copyFrames)
        _ = machine.next()
        machine.wrote(byteCount: LogMachine.limitFrames * LogMachine.pageByteCount)
        #expect(machine.next() == .copyHere)
        machine.copyEnded(remainingFrames: 0)
        #expect(machine.next() == .nothing)
    }

    @Test("a failed copy is tried again only after the log has grown anew")
    func failed() {
        var machine = filled(LogMachine.copyFrames)
        _ = machine.next()
        machine.copyEnded(remainingFrames: nil)
        #expect(machine.next() == .nothing)
        machine.wrote(byteCount: LogMachine.copyFrames * LogMachine.pageByteCount)
        #expect(machine.next() == .copyBeside)
    }

    @Test("a log whose copies never catch up is copied to its end at the limit")
    func saturated() {
        var machine = LogMachine()
        var written = 0
        var actions: [LogMachine.Action] = []
        while actions.last != .copyHere, written < 2 * LogMachine.limitFrames {
            machine.wrote(byteCount: 1000 * LogMachine.pageByteCount)
            written += 1000
            actions.append(machine.next())
            // Each copy beside the commits ends with all that it found copied, and the next commit has come meanwhile.
            if actions.last == .copyBeside {
                machine.wrote(byteCount: 1000 * LogMachine.pageByteCount)
                written += 1000
                machine.copyEnded(remainingFrames: 0)
            }
        }
        #expect(actions.last == .copyHere)
        #expect(written <= LogMachine.limitFrames + 2000)
    }
}
