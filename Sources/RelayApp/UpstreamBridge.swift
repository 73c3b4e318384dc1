import Delivery
import HTTPEgress

// Between what Delivery says of HTTP and what the client does.

extension EgressRequest {
    init(_ call: UpstreamCall) {
        self.init(
            id: call.id, url: call.url, headerLines: call.headers.map { "\($0.name): \($0.value)" }, body: call.body)
    }
}

extension UpstreamOutcome {
    init(_ result: EgressResponse.Result) {
        switch result {
        case .answered(let status, let headers, let body):
            self = .answered(
                UpstreamAnswer(
                    status: status, retryAfterSeconds: headers.retryAfter.flatMap { Int64($0) },
                    rateLimitResetSeconds: headers.rateLimitReset.flatMap { Int64($0) },
                    requestID: headers.requestID ?? "", body: body))
        case .failed(let error):
            self = .failed(TransportFault(error.code), retriable: error.disposition == .retry)
        }
    }
}

extension TransportFault {
    init(_ code: CurlCode) {
        switch code {
        case .cannotResolve: self = .resolve
        case .cannotConnect: self = .connect
        case .untrustedPeer: self = .tls
        case .timedOut: self = .timeout
        case .partialAnswer, .noAnswer, .sendFailed, .receiveFailed: self = .reset
        case .responseTooLarge: self = .answerTooLarge
        case .unsupportedProtocol: self = .protocolFault
        default: self = .other
        }
    }
}
