/// Asks a relay on this machine for `/readyz`, for a container's health check.
public struct HealthProbe {
    public struct Answer: Sendable {
        public var isReady: Bool
        /// One line for people.
        public var text: String
    }

    private let url: String

    /// - Parameter address: the listener's; an unspecified one is asked on loopback.
    public init(address: String, port: Int) {
        let host =
            switch address {
            case "0.0.0.0": "127.0.0.1"
            case "::": "[::1]"
            default: address.contains(":") ? "[\(address)]" : address
            }
        url = "http://\(host):\(port)/readyz"
    }

    /// Blocks for at most two seconds.
    public func ask() -> Answer {
        guard let client = try? LocalClient() else { return Answer(isReady: false, text: "not ready: no client") }
        return switch client.send("GET", url, timeout: .seconds(2)) {
        case .status(200): Answer(isReady: true, text: "ready")
        case .status(let status): Answer(isReady: false, text: "not ready: status \(status)")
        case .failed(let text): Answer(isReady: false, text: "not ready: \(text)")
        }
    }
}
