import Foundation
import RelayTestKit
import Testing

/// What the built relay allows itself, as the kernel tells it.
@Suite("Limits of the process")
struct ProcessLimitTests {
    private func limits(of process: BinaryProcess) throws -> [String: [Substring]] {
        let text = try String(contentsOfFile: "/proc/\(process.identifier)/limits", encoding: .utf8)
        var table: [String: [Substring]] = [:]
        for line in text.split(separator: "\n") {
            table[line.prefix(26).trimmingCharacters(in: .whitespaces)] = line.dropFirst(26).split(separator: " ")
        }
        return table
    }

    /// 0 in the kernel's file system of memory maps: not the user's own, so the process may not be dumped or traced.
    private func owner(of process: BinaryProcess) throws -> Int? {
        let attributes = try FileManager.default.attributesOfItem(atPath: "/proc/\(process.identifier)/mem")
        return (attributes[.ownerAccountID] as? NSNumber)?.intValue
    }

    @Test("no core dump is left, and connections have descriptors")
    func standard() throws {
        let stack = try RelayStack()
        let limits = try limits(of: stack.relay)
        #expect(limits["Max core file size"]?.prefix(2) == ["0", "0"])
        #expect(Int(limits["Max open files"]?.first ?? "0") ?? 0 >= 10_512)
        #expect(try owner(of: stack.relay) == 0)
    }

    @Test("the journal's files are their owner's alone, in a directory that is open to all")
    func files() throws {
        let folder = TemporaryFolder()
        try FileManager.default.createDirectory(
            atPath: folder.path + "/journal", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        let stack = try RelayStack(environment: ["PINRELAY_JOURNAL_PATH": folder.path + "/journal"], folder: folder)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/journal")
        #expect(names.contains("journal.sqlite-wal"))
        for name in names {
            let path = folder.path + "/journal/" + name
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
            #expect((mode?.intValue ?? 0o777) & 0o077 == 0, "\(name)")
        }
        withExtendedLifetime(stack) {}
    }

    @Test("core dumps are left where they are asked for, and that is warned of")
    func allowed() throws {
        let own = try limits(of: BinaryProcess(["5"], executable: "/bin/sleep"))
        let stack = try RelayStack(configuration: "process: { core_dumps: true }")
        #expect(try limits(of: stack.relay)["Max core file size"] == own["Max core file size"])
        #expect(stack.relay.output.contains("process.core_dumps is on"))
    }
}
