/// Decides which log lines are written: so many per message and window, then a count of what was left out.
///
/// Messages are static texts, so there are few; should there be more than `maxKeys`, the rest shares one budget.
struct LogRateLimiter {
    enum Decision: Equatable {
        /// - Parameter suppressed: lines of this message left out since the last one written.
        case write(suppressed: Int)
        case suppress
    }

    private struct Window {
        var startMillis: Int64
        var written: Int
        var suppressed: Int
    }

    private let limit: Int
    private let windowMillis: Int64
    private let maxKeys: Int
    private var windows: [String: Window] = [:]

    init(limit: Int, windowMillis: Int64 = 1000, maxKeys: Int = 512) {
        self.limit = limit
        self.windowMillis = windowMillis
        self.maxKeys = maxKeys
    }

    /// - Parameter nowMillis: of a clock that never goes back.
    mutating func decide(_ message: String, nowMillis: Int64) -> Decision {
        let key = windows.count < maxKeys || windows[message] != nil ? message : ""
        var window = windows[key] ?? Window(startMillis: nowMillis, written: 0, suppressed: 0)
        defer { windows[key] = window }
        if nowMillis - window.startMillis >= windowMillis {
            window.startMillis = nowMillis
            window.written = 0
        }
        guard window.written < limit else {
            window.suppressed += 1
            return .suppress
        }
        window.written += 1
        let suppressed = window.suppressed
        window.suppressed = 0
        return .write(suppressed: suppressed)
    }
}
