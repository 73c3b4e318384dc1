import Foundation
import FuzzTargets

/// The seeds of one target: written by hand, and every input that once was a finding.
enum FuzzCorpus {
    static func seeds(_ target: FuzzTarget) throws -> [(name: String, bytes: [UInt8])] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "FuzzCorpus/\(target.rawValue)")
        return try FileManager.default.contentsOfDirectory(atPath: folder.path()).sorted().map { name in
            (name, Array(try Data(contentsOf: folder.appending(path: name))))
        }
    }
}
