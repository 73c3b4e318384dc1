import Foundation
import Synchronization

/// Keeps what tests would send to the upstream, for the validator that `make test` runs behind them
/// (`deploy/ci/validate-upstream.sh`): every sandbox process records what reaches it, and suites without one hand in the
/// events that they encode. Without the variable nothing is kept.
public enum UpstreamRecord {
    static let variable = "PINRELAY_SANDBOX_RECORD"

    private static let folder = ProcessInfo.processInfo.environment[variable].flatMap { $0.isEmpty ? nil : $0 }

    private static let file: Mutex<FileHandle?> = Mutex(
        folder.flatMap { folder in
            let path = folder + "/suite-\(UUID().uuidString).jsonl"
            try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            _ = FileManager.default.createFile(atPath: path, contents: nil)
            return FileHandle(forWritingAtPath: path)
        })

    /// Records an event as a request of its own.
    /// - Parameter json: as it would leave: checked and encoded.
    public static func append(_ json: some Collection<UInt8>) {
        guard folder != nil else { return }
        file.withLock { try? $0?.write(contentsOf: Data(#"{"data":["#.utf8) + Data(json) + Data("]}\n".utf8)) }
    }
}
