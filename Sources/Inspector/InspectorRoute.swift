// Inspector: what the admin port and the health routes answer.
//
// What it is: pure functions from a request's method, target and `Authorization` to a reply. It knows no HTTP library,
// no socket and no clock; the caller brings the time.
//
// Invariants:
// - Health without detail is open; all else on the admin port needs the token where there is one.
// - Replies hold counts, names of the configuration and words of closed lists, never an event's content.

/// A route of the admin port. The health routes are served on the public port as well.
public enum InspectorRoute: Equatable, Sendable {
    case page, livez, readyz, startupz, metrics, config, unknown
    case healthz(verbose: Bool)

    /// - Parameter target: path and query as in the request line.
    public init(target: some Collection<UInt8>) {
        let text = String(decoding: target.prefix(256), as: UTF8.self)
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let query = parts.count == 2 ? parts[1].split(separator: "&") : []
        switch parts.first.map(String.init) {
        case "/": self = .page
        case "/livez": self = .livez
        case "/readyz": self = .readyz
        case "/startupz": self = .startupz
        case "/healthz": self = .healthz(verbose: query.contains(where: Self.asksForDetail))
        case "/metrics": self = .metrics
        case "/api/config": self = .config
        default: self = .unknown
        }
    }

    public init(target: String) { self.init(target: target.utf8) }

    private static func asksForDetail(_ parameter: Substring) -> Bool {
        ["verbose", "verbose=", "verbose=1", "verbose=true"].contains(parameter)
    }

    /// True for what may be asked without a token, and on the public port.
    public var isOpenHealth: Bool {
        switch self {
        case .livez, .readyz, .startupz, .healthz(verbose: false): true
        default: false
        }
    }
}
