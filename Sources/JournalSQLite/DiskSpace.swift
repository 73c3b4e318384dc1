import Glibc

/// What a file system has, and has left for a user who is not root, in bytes.
package struct DiskSpace: Sendable, Equatable {
    package var total: Int64
    package var available: Int64

    package init(total: Int64, available: Int64) {
        self.total = total
        self.available = available
    }

    /// - Returns: nil when the system does not say.
    package init?(path: String) {
        var found = statvfs()
        guard unsafe statvfs(path, &found) == 0 else { return nil }
        let unit = Int64(clamping: found.f_frsize)
        total = Self.product(Int64(clamping: found.f_blocks), unit)
        available = Self.product(Int64(clamping: found.f_bavail), unit)
    }

    /// The size of a file, as it can be read; 0 when it is not there.
    static func byteCount(ofFile path: String) -> Int64 {
        var found = stat()
        return unsafe stat(path, &found) == 0 ? Int64(found.st_size) : 0
    }

    private static func product(_ count: Int64, _ unit: Int64) -> Int64 {
        let (bytes, overflows) = count.multipliedReportingOverflow(by: unit)
        return overflows ? .max : bytes
    }
}

/// The bounds that depend on the size of the volume: what is right for a server's disk would fill a small one.
struct StorageBounds: Sendable {
    let minFreeBytes: Int64
    let ballastBytes: Int64
    /// Of the write-ahead log, see ``LogMachine``.
    let copyFrames: Int
    let limitFrames: Int

    init(_ settings: JournalSettings, total: Int64?) {
        let total = total ?? .max
        minFreeBytes = min(settings.minFreeBytes, total / 8)
        ballastBytes = min(settings.ballastBytes, total / 16)
        let pages = total / 64 / Int64(LogMachine.pageByteCount)
        copyFrames = Int(min(max(pages, 64), Int64(LogMachine.copyFrames)))
        limitFrames = copyFrames * (LogMachine.limitFrames / LogMachine.copyFrames)
    }

    var limitBytes: Int64 { Int64(limitFrames * LogMachine.pageByteCount) }
}
