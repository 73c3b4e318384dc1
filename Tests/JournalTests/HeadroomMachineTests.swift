import JournalSQLite
import Testing

@Suite("HeadroomMachine")
struct HeadroomMachineTests {
    private func machine(holdsBallast: Bool = true) -> HeadroomMachine {
        HeadroomMachine(minFree: 100, ballast: 40, holdsBallast: holdsBallast)
    }

    @Test("events may take what is left over the least that must stay free")
    func room() {
        #expect(machine().room(available: 1000) == 900)
        #expect(machine().room(available: 100) == 0)
    }

    @Test("while the ballast is given up its room is not for events")
    func roomWithoutBallast() {
        #expect(machine(holdsBallast: false).room(available: 140) == 0)
        #expect(machine(holdsBallast: false).room(available: 150) == 10)
    }

    @Test("the ballast is given up when half of the least is gone, and taken back with room for both")
    func ballast() {
        #expect(machine().action(available: 50) == .nothing)
        #expect(machine().action(available: 49) == .release)
        #expect(machine(holdsBallast: false).action(available: 139) == .nothing)
        #expect(machine(holdsBallast: false).action(available: 140) == .take)
    }

    @Test("giving it up is never at once followed by taking it back")
    func stability() {
        for available in Int64(0)..<400 where machine().action(available: available) == .release {
            #expect(machine(holdsBallast: false).action(available: available + 40) == .nothing)
        }
    }

    @Test("without a ballast there is nothing to do")
    func none() {
        let machine = HeadroomMachine(minFree: 100, ballast: 0, holdsBallast: false)
        #expect(machine.action(available: 0) == .nothing)
        #expect(machine.room(available: 120) == 20)
    }
}
