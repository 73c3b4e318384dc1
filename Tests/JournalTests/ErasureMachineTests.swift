import JournalSQLite
import Testing

@Suite("ErasureMachine")
struct ErasureMachineTests {
    private let start = ContinuousClock.now

    private func opened(_ freePages: Int = 0) -> ErasureMachine { ErasureMachine(freePages: freePages, now: start) }

    @Test("while few pages are free they are freed as they are, and are due in a quiet second or after a minute")
    func few() {
        var machine = opened()
        #expect(!machine.isDue(isQuiet: true, freePages: 1, now: start))
        #expect(machine.willFree(makes: ErasureMachine.keptPages) == .nothing)
        machine.freed()
        #expect(machine.isDue(isQuiet: true, freePages: 1, now: start))
        #expect(!machine.isDue(isQuiet: false, freePages: 1, now: start + .seconds(59)))
        #expect(machine.isDue(isQuiet: false, freePages: 1, now: start + ErasureMachine.period))
        machine.erased(now: start + .seconds(60))
        #expect(!machine.isDue(isQuiet: true, freePages: 1, now: start + .seconds(200)))
    }

    @Test("when a backlog leaves, each page is overwritten, until half of the bound are free again")
    func backlog() {
        var machine = opened()
        #expect(machine.willFree(makes: ErasureMachine.keptPages + 1) == .overwriteEach)
        machine.erased(now: start)
        #expect(machine.overwritesEach)
        #expect(machine.willFree(makes: 100_000) == .nothing)
        machine.freed()
        #expect(!machine.isDue(isQuiet: true, freePages: 1, now: start + .seconds(100)))
        #expect(machine.willFree(makes: ErasureMachine.keptPages / 2 + 1) == .nothing)
        #expect(machine.willFree(makes: ErasureMachine.keptPages / 2) == .overwriteLater)
        machine.freed()
        #expect(machine.isDue(isQuiet: true, freePages: 1, now: start))
    }

    @Test("far more free pages than are kept do not wait for the minute")
    func atOnce() {
        var machine = opened()
        machine.freed()
        #expect(!machine.isDue(isQuiet: false, freePages: 2 * ErasureMachine.keptPages, now: start))
        #expect(machine.isDue(isQuiet: false, freePages: 2 * ErasureMachine.keptPages + 1, now: start))
    }

    @Test("a file with few free pages may hold deleted bytes in them; one with many was left overwritten")
    func opening() {
        #expect(!opened().holdsDeleted)
        #expect(opened(1).holdsDeleted)
        #expect(opened(ErasureMachine.openedPages).holdsDeleted)
        #expect(!opened(ErasureMachine.openedPages + 1).holdsDeleted)
    }
}
