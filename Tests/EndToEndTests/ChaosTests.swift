import Foundation
import RelayTestKit
import Testing

/// Short forms of the commands under `deploy/chaos`, with the built binary.
@Suite("What was answered survives kills and power cuts")
struct ChaosTests {
    private static let python = "/usr/bin/python3"
    private static let canRun = FileManager.default.isExecutableFile(atPath: python)
    /// A sanitizer's runtime takes no library before itself.
    private static let canRecord =
        FileManager.default.isExecutableFile(atPath: "/usr/bin/cc")
        && ["ASAN_OPTIONS", "TSAN_OPTIONS"].allSatisfy { ProcessInfo.processInfo.environment[$0] == nil }

    private static let scripts = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("deploy/chaos").path

    /// What a command printed, once it has ended well.
    private func run(_ script: String, _ arguments: [String]) throws -> String {
        let folder = TemporaryFolder()
        let command = try BinaryProcess(
            ["-B", Self.scripts + "/" + script, "--binary", BinaryProcess.binaryPath, "--folder", folder.path]
                + arguments,
            executable: Self.python)
        #expect(command.exitCode(within: 240) == 0, "\(command.output)")
        return command.output
    }

    @Test("20 SIGKILLs under load lose nothing that was answered", .enabled(if: canRun))
    func kills() throws {
        let output = try run("kill_matrix.py", ["--kills", "20", "--seed", "5", "--longest", "0.3"])
        #expect(output.contains("LOST 0;"), "\(output)")
    }

    @Test("20 power cuts lose nothing that was answered", .enabled(if: canRun && canRecord))
    func powerCuts() throws {
        let output = try run(
            "power_cut.py", ["--images", "20", "--starts", "2", "--seconds", "3", "--seed", "1"])
        #expect(output.contains("MISSING 0 on 0 images, 0 images damaged"), "\(output)")
    }
}
