public import Foundation

/// A folder of its own for one test, removed with the last reference to it.
public final class TemporaryFolder: Sendable {
    public let path: String

    public init() {
        path = NSTemporaryDirectory() + "pinrelay-test-" + UUID().uuidString
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file into the folder.
    /// - Returns: its path.
    @discardableResult
    public func write(_ name: String, _ text: String) throws -> String {
        let file = path + "/" + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        return file
    }

    /// The bytes of all files in the folder, at any depth.
    public func allBytes() -> Data {
        var all = Data()
        let names = FileManager.default.enumerator(atPath: path)
        while let name = names?.nextObject() as? String {
            if let bytes = FileManager.default.contents(atPath: path + "/" + name) { all += bytes }
        }
        return all
    }
}
