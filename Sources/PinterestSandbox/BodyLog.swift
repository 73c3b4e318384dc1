import Foundation
import Synchronization

/// Appends request bodies to a file of its own, one JSON document a line.
final class BodyLog: Sendable {
    private let file: Mutex<FileHandle>

    /// - Parameter folder: made if missing.
    init(folder: String) throws(SandboxError) {
        let path = folder + "/sandbox-\(UUID().uuidString).jsonl"
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data().write(to: URL(fileURLWithPath: path))
            file = Mutex(try FileHandle(forWritingTo: URL(fileURLWithPath: path)))
        } catch {
            throw SandboxError("recording in \(folder)", Int32((error as NSError).code))
        }
    }

    /// A line break in JSON stands between tokens alone, so a space says the same. What cannot be written is lost: the
    /// log serves a judge, not the calls.
    func append(_ body: [UInt8]) {
        let line = body.map { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") ? UInt8(ascii: " ") : $0 }
        file.withLock { try? $0.write(contentsOf: Data(line + [UInt8(ascii: "\n")])) }
    }
}
