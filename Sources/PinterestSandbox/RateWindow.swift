/// The upstream's request quota: so many for each ad account and minute.
struct RateWindow {
    private static let length: Int64 = 60
    /// A test has few accounts; whoever brings more starts all windows anew.
    private static let maxAccounts = 1_000
    private let limit: Int
    private var windows: [String: (start: Int64, used: Int)] = [:]

    init(limit: Int) { self.limit = limit }

    /// Counts one request. - Returns: how many are left, negative for one too many, and the seconds to the next window.
    mutating func take(_ account: String, now: Int64) -> (left: Int, reset: Int64) {
        if windows.count >= Self.maxAccounts, windows[account] == nil { windows = [:] }
        var window = windows[account] ?? (now, 0)
        if now - window.start >= Self.length || now < window.start { window = (now, 0) }
        window.used += 1
        windows[account] = window
        return (limit - window.used, Self.length - (now - window.start))
    }

    /// The quota in the shape that was measured.
    func headers(left: Int, reset: Int64) -> [SandboxHeader] {
        [
            SandboxHeader("X-RateLimit-Limit", "\(limit), \(limit);w=60;name=\"ads_conversions_ad_account_id\""),
            SandboxHeader("X-RateLimit-Remaining", "\(max(0, left))"),
            SandboxHeader("X-RateLimit-Reset", "\(reset)"),
        ]
    }
}
