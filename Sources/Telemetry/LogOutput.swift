import Foundation
import Synchronization

/// Where log lines go, with the clock and the rate limit that all handlers of a process share.
public final class LogOutput: Sendable {
    public enum Format: Sendable { case json, text }

    /// The longest line in bytes, its line feed included: what a pipe takes in one piece.
    public static let maxLineByteCount = 4096

    let format: Format
    private let limiter: Mutex<LogRateLimiter>
    private let uptimeMillis: @Sendable () -> Int64
    private let unixMillis: @Sendable () -> Int64
    private let write: @Sendable ([UInt8]) -> Void

    /// - Parameters:
    ///   - linesPerSecond: how many lines of one message are written in a second.
    ///   - write: takes whole lines, one a call.
    public convenience init(
        format: Format, linesPerSecond: Int = 10, write: @escaping @Sendable ([UInt8]) -> Void
    ) {
        self.init(
            format: format, linesPerSecond: linesPerSecond,
            uptimeMillis: { Int64(ProcessInfo.processInfo.systemUptime * 1000) },
            unixMillis: { Int64(Date().timeIntervalSince1970 * 1000) }, write: write)
    }

    /// - Parameters:
    ///   - uptimeMillis: a clock that never goes back.
    ///   - unixMillis: milliseconds since 1970.
    public init(
        format: Format, linesPerSecond: Int, uptimeMillis: @escaping @Sendable () -> Int64,
        unixMillis: @escaping @Sendable () -> Int64, write: @escaping @Sendable ([UInt8]) -> Void
    ) {
        self.format = format
        limiter = Mutex(LogRateLimiter(limit: linesPerSecond))
        self.uptimeMillis = uptimeMillis
        self.unixMillis = unixMillis
        self.write = write
    }

    /// Writes to the error stream. A line that cannot be written is lost: logging never stops the relay.
    public static func standardError(_ format: Format) -> LogOutput {
        LogOutput(format: format) { try? FileHandle.standardError.write(contentsOf: Data($0)) }
    }

    /// Writes to the output stream, likewise.
    public static func standardOutput(_ format: Format) -> LogOutput {
        LogOutput(format: format) { try? FileHandle.standardOutput.write(contentsOf: Data($0)) }
    }

    /// Writes the line that `make` gives, unless its message has had its share.
    func log(_ message: String, _ make: (_ unixMillis: Int64, _ suppressed: Int) -> [UInt8]) {
        let now = uptimeMillis()
        let decision = limiter.withLock { $0.decide(message, nowMillis: now) }
        guard case .write(let suppressed) = decision else { return }
        write(make(unixMillis(), suppressed))
    }
}
