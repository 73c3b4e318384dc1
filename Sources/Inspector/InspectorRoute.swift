// Inspector: what the admin port and the health routes answer.
//
// What it is: pure functions from a request's method, target and `Authorization` to a reply. It knows no HTTP library,
// no socket and no clock; the caller brings the time.
//
// Invariants:
// - Health without detail is open; all else on the admin port needs the token where there is one.
// - Replies hold counts, names of the configuration, words of closed lists and masked names, never an event's content.

/// A route of the admin port. The health routes are served on the public port as well.
public enum InspectorRoute: Equatable, Sendable {
    case page, livez, readyz, startupz, metrics, config, reload, unknown
    /// Dead letters, which the journal answers: the caller asks it, once ``AdminInspector/refusal(of:method:authorization:)``
    /// has nothing against it.
    case deadLetters, deadLetter(Int64), replayDeadLetters
    /// The last events, and what a pasted one becomes: answered by the caller likewise.
    case events, explain
    case healthz(verbose: Bool)

    /// - Parameter target: path and query as in the request line.
    public init(target: some Collection<UInt8>) {
        let text = String(decoding: target.prefix(256), as: UTF8.self)
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let query = parts.count == 2 ? parts[1].split(separator: "&") : []
        let path = parts.first.map(String.init)
        switch path {
        case "/": self = .page
        case "/livez": self = .livez
        case "/readyz": self = .readyz
        case "/startupz": self = .startupz
        case "/healthz": self = .healthz(verbose: query.contains(where: Self.asksForDetail))
        case "/metrics": self = .metrics
        case "/api/config": self = .config
        case "/api/events": self = .events
        case "/api/explain": self = .explain
        case "/api/reload": self = .reload
        case "/api/dead-letters": self = .deadLetters
        case "/api/dead-letters/replay": self = .replayDeadLetters
        default: self = Self.deadLetter(path) ?? .unknown
        }
    }

    private static func deadLetter(_ path: String?) -> InspectorRoute? {
        let folder = "/api/dead-letters/"
        guard let path, path.hasPrefix(folder) else { return nil }
        return Int64(path.dropFirst(folder.count)).map { .deadLetter($0) }
    }

    public init(target: String) { self.init(target: target.utf8) }

    private static func asksForDetail(_ parameter: Substring) -> Bool {
        ["verbose", "verbose=", "verbose=1", "verbose=true"].contains(parameter)
    }

    /// True for what is asked by POST.
    public var takesPost: Bool { self == .replayDeadLetters || self == .reload || self == .explain }

    /// True for what may be asked without a token, and on the public port.
    public var isOpenHealth: Bool {
        switch self {
        case .livez, .readyz, .startupz, .healthz(verbose: false): true
        default: false
        }
    }
}
