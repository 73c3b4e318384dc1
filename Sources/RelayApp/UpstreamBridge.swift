import Delivery
import Foundation
import HTTPEgress

// Between what Delivery says of HTTP and what the client does.

extension EgressRequest {
    init(_ call: UpstreamCall) {
        self.init(
            id: call.id, url: call.url, headerLines: call.headers.map { "\($0.name): \($0.value)" }, body: call.body)
    }
}

extension UpstreamOutcome {
    /// - Parameter nowMillis: the wall clock, milliseconds since 1970.
    init(_ result: EgressResponse.Result, nowMillis: Int64) {
        switch result {
        case .answered(let status, let headers, let body):
            self = .answered(
                UpstreamAnswer(
                    status: status,
                    retryAfterSeconds: headers.retryAfter.flatMap { RetryHint.seconds($0, nowMillis: nowMillis) },
                    rateLimitResetSeconds: headers.rateLimitReset.flatMap {
                        RetryHint.seconds($0, nowMillis: nowMillis)
                    },
                    requestID: headers.requestID ?? "", body: body))
        case .failed(let error):
            // A certificate that is not trusted, or has expired, is for a person to see: the account rests, is probed
            // and keeps its queue, as after a 401.
            let isRetriable = error.disposition == .retry && error.code != .untrustedPeer
            self = .failed(TransportFault(error.code), retriable: isRetriable)
        }
    }
}

/// How long the upstream asks to wait, as headers say it.
enum RetryHint {
    /// - Parameter text: seconds, perhaps with a fraction, or an HTTP date.
    /// - Returns: nil for a text that says nothing.
    static func seconds(_ text: String, nowMillis: Int64) -> Int64? {
        if let number = Double(text) {
            return number.isFinite && number >= 0 ? Int64(min(number, 1e9).rounded(.up)) : nil
        }
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(secondsFromGMT: 0)
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
        guard let date = format.date(from: text) else { return nil }
        let wait = date.timeIntervalSince1970 - Double(nowMillis) / 1000
        return Int64(min(max(wait, 0), 1e9).rounded(.up))
    }
}

extension TransportFault {
    init(_ code: CurlCode) {
        switch code {
        case .cannotResolve: self = .resolve
        case .cannotConnect: self = .connect
        case .untrustedPeer, .handshakeFailed: self = .tls
        case .timedOut: self = .timeout
        case .partialAnswer, .noAnswer, .sendFailed, .receiveFailed: self = .reset
        case .responseTooLarge: self = .answerTooLarge
        case .unsupportedProtocol: self = .protocolFault
        default: self = .other
        }
    }
}
