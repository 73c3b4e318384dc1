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
        switch fetch(method, url, headerLines: headerLines, body: Array(body.utf8), timeout: timeout) {
        case .success((let status, _)): .status(status)
        case .failure(let fault): .failed(fault.description)
        }
    }

    /// Why there is no answer.
    struct Fault: Error, CustomStringConvertible {
        var description: String
    }

    /// The same, with the answer's body.
    func fetch(
        _ method: String, _ url: String, headerLines: [String] = [], body: [UInt8] = [],
        timeout: Duration = .seconds(5)
    ) -> Result<(status: Int, body: [UInt8]), Fault> {
        egress.start(
            EgressRequest(
                id: 1, method: method == "GET" ? .get : .post, url: url, headerLines: headerLines, body: body,
                timeout: timeout))
        while egress.inFlightCount > 0 {
            for response in egress.turn(maxWait: .seconds(1)) {
                switch response.result {
                case .answered(let status, _, let body): return .success((status, body))
                case .failed(let error): return .failure(Fault(description: "\(error)"))
                }
            }
        }
        return .failure(Fault(description: "no answer"))
    }
}
