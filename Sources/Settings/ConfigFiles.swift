import Foundation

/// How files that the configuration names are read.
public struct ConfigFiles: Sendable {
    /// The text of a file.
    public let read: @Sendable (_ path: String, _ maxByteCount: Int) throws(ConfigFileError) -> String

    public init(read: @escaping @Sendable (_ path: String, _ maxByteCount: Int) throws(ConfigFileError) -> String) {
        self.read = read
    }

    /// The real files. Relative paths are relative to the working directory.
    public static let disk = ConfigFiles { path, maxByteCount throws(ConfigFileError) in
        guard let handle = FileHandle(forReadingAtPath: path) else { throw .unreadable }
        defer { try? handle.close() }
        let data: Data
        do { data = try handle.read(upToCount: maxByteCount + 1) ?? Data() } catch { throw .unreadable }
        guard data.count <= maxByteCount else { throw .tooLong }
        guard let text = String(data: data, encoding: .utf8) else { throw .notText }
        return text
    }
}

public enum ConfigFileError: Error, CustomStringConvertible {
    case unreadable, tooLong, notText

    public var description: String {
        switch self {
        case .unreadable: "it is missing or may not be read"
        case .tooLong: "it is too long"
        case .notText: "it is not UTF-8 text"
        }
    }
}
