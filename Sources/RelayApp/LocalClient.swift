import HTTPEgress

/// A blocking HTTP client for the commands: health checks and the demo's sample traffic.
public struct LocalClient {
    private let egress: EgressLoop

    /// What came back; the text says what went wrong where there is no status.
    public enum Answer: Sendable {
        case status(Int)
        case failed(String)
    }

    public init() throws {
        egress = try EgressLoop(identity: EgressIdentity(version: RelayApp.version))
    }

    /// - Parameter timeout: for the whole call.
    public func send(
        _ method: String, _ url: String, headerLines: [String] = [], body: String = "", timeout: Duration = .seconds(5)
    ) -> Answer {
        egress.start(
            EgressRequest(
                id: 1, method: method == "GET" ? .get : .post, url: url, headerLines: headerLines,
                body: Array(body.utf8), timeout: timeout))
        while egress.inFlightCount > 0 {
            for response in egress.turn(maxWait: .seconds(1)) {
                switch response.result {
                case .answered(let status, _, _): return .status(status)
                case .failed(let error): return .failed("\(error)")
                }
            }
        }
        return .failed("no answer")
    }
}
