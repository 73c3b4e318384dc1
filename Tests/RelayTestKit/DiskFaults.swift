import Foundation
import Glibc
import Synchronization

/// A faulty disk for a relay's process: a library that is preloaded into it and fails, or slows, what it does on the
/// journal's files. Built by the first test that wants it.
public final class DiskFaults: Sendable {
    private enum Word: Int { case writeErrno, syncErrno, writesLeft, syncDelay, failed }

    private let file: String

    /// The C compiler, where there is one.
    public static let compiler = ["/usr/bin/cc", "/usr/bin/gcc", "/usr/bin/clang"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    public struct NotBuilt: Error, CustomStringConvertible {
        public var description: String
    }

    /// - Parameter folder: holds the plan of faults.
    public init(in folder: TemporaryFolder) throws {
        _ = try Self.library.get()
        file = folder.path + "/disk-faults"
        try Data(count: 5 * 4).write(to: URL(fileURLWithPath: file))
    }

    /// What the relay's environment needs.
    public var environment: [String: String] {
        get throws { ["LD_PRELOAD": try Self.library.get(), "PINRELAY_DISK_FAULTS": file] }
    }

    /// From now on writes fail so, after so many that do not; 0 ends it.
    public func failWrites(_ number: Int32, after writes: Int32 = 0) {
        set(.writesLeft, writes)
        set(.writeErrno, number)
    }

    /// From now on syncs fail so; 0 ends it.
    public func failSyncs(_ number: Int32) { set(.syncErrno, number) }

    /// From now on a sync takes so much longer.
    public func slowSyncs(milliseconds: Int32) { set(.syncDelay, milliseconds * 1000) }

    /// Calls that were failed so far.
    public var failedCalls: Int32 {
        guard let bytes = FileManager.default.contents(atPath: file), bytes.count >= 20 else { return 0 }
        return bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: Word.failed.rawValue * 4, as: Int32.self) }
    }

    private func set(_ word: Word, _ value: Int32) {
        guard let handle = FileHandle(forWritingAtPath: file) else { return }
        try? handle.seek(toOffset: UInt64(word.rawValue * 4))
        withUnsafeBytes(of: value) { try? handle.write(contentsOf: Data($0)) }
        try? handle.close()
    }

    private static let builtIn = TemporaryFolder()
    private static let library: Result<String, NotBuilt> = {
        guard let compiler else { return .failure(NotBuilt(description: "there is no C compiler")) }
        let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("EndToEndTests/Faults/disk_faults.c").path
        let library = builtIn.path + "/disk_faults.so"
        let arguments = ["-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", library, source, "-ldl"]
        guard let build = try? BinaryProcess(arguments, executable: compiler), build.exitCode(within: 60) == 0 else {
            return .failure(NotBuilt(description: "\(compiler) cannot build \(source)"))
        }
        return .success(library)
    }()
}
