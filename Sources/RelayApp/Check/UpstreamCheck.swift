import Foundation
import HTTPEgress
import RelayModel
public import Settings

/// Whether the upstream takes each destination's token, by a call that holds no event: a known token is told that the
/// list is empty, another one that it is none.
public struct UpstreamCheck {
    public private(set) var faults: [ConfigError] = []
    public private(set) var warnings: [String] = []

    /// Blocks for at most `upstream.timeout` a destination.
    public init(_ settings: RelaySettings) throws {
        let egress = try EgressLoop(limits: EgressLimits(settings), identity: EgressIdentity(settings))
        for (index, destination) in settings.destinations.enumerated() {
            let url = "\(settings.upstream.url)/v5/ad_accounts/\(destination.adAccountID)/events?test=true"
            let headers = ["Authorization: Bearer \(destination.token.revealed)", "Content-Type: application/json"]
            egress.start(
                EgressRequest(
                    id: UInt64(index), url: url, headerLines: headers, body: Array(#"{"data":[]}"#.utf8)))
            while egress.inFlightCount > 0 {
                for response in egress.turn(maxWait: .seconds(1)) { judge(response.result, "destinations[\(index)]") }
            }
        }
    }

    private mutating func judge(_ result: EgressResponse.Result, _ destination: String) {
        switch result {
        case .answered(let status, _, _):
            switch status {
            case 401, 403: fault("\(destination).token", "the upstream refuses it with \(status)")
            case 404: fault("\(destination).ad_account_id", "the upstream does not know it")
            case 429, 500...:
                warnings.append("\(destination): the upstream answers \(status); the token was not judged")
            default: break
            }
        case .failed(let error): fault("upstream.url", "no answer for \(destination): \(error)")
        }
    }

    private mutating func fault(_ key: String, _ message: String) {
        faults.append(ConfigError(path: key, message: message))
    }
}
