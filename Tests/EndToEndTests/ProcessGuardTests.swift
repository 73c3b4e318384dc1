import Foundation
import Glibc
import RelayTestKit
import Testing

@Suite("The guard over what the tests start")
struct ProcessGuardTests {
    private func sleeper() throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sleep")
        process.arguments = ["60"]
        try process.run()
        return process
    }

    @Test("what it watches is killed when it goes, and nothing else is")
    func ends() throws {
        let other = try sleeper()
        defer { kill(other.processIdentifier, SIGKILL) }
        let ended = try sleeper()
        kill(ended.processIdentifier, SIGKILL)
        let watched = try [sleeper(), sleeper()]
        do {
            let processGuard = ProcessGuard()
            for process in [ended] + watched { processGuard.watch(process) }
            usleep(200_000)
            let areRunning = watched.allSatisfy { $0.isRunning }
            #expect(areRunning)
        }
        let areGone = eventually { !watched.contains { $0.isRunning } }
        #expect(areGone)
        #expect(other.isRunning)
    }

    @Test("a process of the tests does not hold the guard's pipe open")
    func isNotInherited() throws {
        // Started while the shared guard lives: none of its descriptors is the guard's.
        let process = try BinaryProcess(["-c", "ls -l /proc/self/fd"], executable: "/bin/sh")
        #expect(process.exitCode() == 0)
        #expect(!process.output.contains("pipe:"))
    }
}
