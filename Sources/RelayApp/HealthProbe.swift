/// Asks a relay on this machine how it is, for a container's health check.
public struct HealthProbe {
    /// What to ask.
    public enum Route: String, CaseIterable, Sendable {
        /// Do its loops turn?
        case livez
        /// Can it store an event now?
        case readyz
        /// Has it started?
        case startupz
    }

    public struct Answer: Sendable {
        public var isGood: Bool
        /// One line for people.
        public var text: String
    }

    private let url: String
    private let route: Route

    /// - Parameter address: the listener's; an unspecified one is asked on loopback.
    public init(address: String, port: Int, route: Route = .readyz) {
        let host =
            switch address {
            case "0.0.0.0": "127.0.0.1"
            case "::": "[::1]"
            default: address.contains(":") ? "[\(address)]" : address
            }
        self.route = route
        url = "http://\(host):\(port)/\(route.rawValue)"
    }

    /// Blocks for at most two seconds.
    public func ask() -> Answer {
        guard let client = try? LocalClient() else { return bad("no client") }
        return switch client.send("GET", url, timeout: .seconds(2)) {
        case .status(200): Answer(isGood: true, text: route.goodText)
        case .status(let status): bad("status \(status)")
        case .failed(let text): bad(text)
        }
    }

    private func bad(_ why: String) -> Answer { Answer(isGood: false, text: "not \(route.goodText): \(why)") }
}

extension HealthProbe.Route {
    fileprivate var goodText: String {
        switch self {
        case .livez: "alive"
        case .readyz: "ready"
        case .startupz: "started"
        }
    }
}
