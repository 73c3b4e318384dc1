import HTTPIngress
import Inflate
import Intake

/// Why a call that reached an intake route is refused: what the adapters find, and what the relay itself does.
enum CallFault: Error, Equatable {
    case intake(IntakeFault)
    /// The body came in a coding that is not known.
    case unsupportedEncoding
    /// A compressed body cannot be inflated.
    case inflate(InflateError)
    /// No configured source knows the key.
    case unknownWriteKey
    case missingWriteKey
    /// No configured source names the measurement id.
    case unknownMeasurementID
    case wrongAPISecret
    case originNotAllowed
    /// `/v5/...`: the Bearer is neither the account's token nor a write key that may send to it.
    case unauthenticated
    /// `/v5/...`: no destination has this ad account.
    case unknownAccount
    /// `/v5/...?test=`: neither `true` nor `false`.
    case badTestFlag
    /// The route does not take the method.
    case methodNotAllowed
    case rateLimited(RateLimits.Excess, retryAfterSeconds: Int)

    /// Every label, for the metrics' closed list.
    static let labels =
        IntakeFault.allCases.map(\.rawValue) + InflateError.Code.allCases.map(\.rawValue) + [
            "unsupported_encoding", "unknown_write_key", "missing_write_key", "unknown_measurement_id",
            "wrong_api_secret", "origin_not_allowed", "unauthenticated", "unknown_ad_account", "bad_test_flag",
            "method_not_allowed",
        ] + RateLimits.Excess.allCases.map(\.rawValue)

    /// The `code` of the answer and the label in metrics.
    var label: String {
        switch self {
        case .intake(let fault): fault.rawValue
        case .unsupportedEncoding: "unsupported_encoding"
        case .inflate(let error): error.code.rawValue
        case .unknownWriteKey: "unknown_write_key"
        case .missingWriteKey: "missing_write_key"
        case .unknownMeasurementID: "unknown_measurement_id"
        case .wrongAPISecret: "wrong_api_secret"
        case .originNotAllowed: "origin_not_allowed"
        case .unauthenticated: "unauthenticated"
        case .unknownAccount: "unknown_ad_account"
        case .badTestFlag: "bad_test_flag"
        case .methodNotAllowed: "method_not_allowed"
        case .rateLimited(let excess, _): excess.rawValue
        }
    }

    var status: HTTPStatus {
        switch self {
        case .intake(let fault): fault.status == 413 ? .payloadTooLarge : .badRequest
        case .unsupportedEncoding: .unsupportedMediaType
        case .inflate(let error): error.code.httpStatus
        case .unknownWriteKey, .missingWriteKey, .unauthenticated: .unauthorised
        case .unknownAccount: .notFound
        case .badTestFlag: .badRequest
        case .methodNotAllowed: .methodNotAllowed
        case .rateLimited: .tooManyRequests
        case .unknownMeasurementID, .wrongAPISecret, .originNotAllowed: .forbidden
        }
    }

    /// The `message` of the answer: one sentence for people.
    var message: String {
        switch self {
        case .intake(let fault): fault.message.description
        case .unsupportedEncoding: "Content-Encoding may be gzip or deflate"
        case .inflate(let error): error.message.description
        case .unknownWriteKey: "no source is configured for this write key"
        case .missingWriteKey: "a write key is needed: Basic, or 'writeKey' in the body or query"
        case .unknownMeasurementID: "no source is configured for this measurement id"
        case .wrongAPISecret: "the api_secret is missing or wrong"
        case .originNotAllowed: "this origin is not allowed for the source"
        case .unauthenticated: "Authentication failed."
        case .unknownAccount: "AdAccount not found."
        case .badTestFlag: "'test' must be true or false"
        case .methodNotAllowed: "this route does not take this method"
        case .rateLimited(.address, _): "too many requests from this address"
        case .rateLimited(.key, _): "too many requests with this key"
        }
    }
}

extension CallFault {
    /// When a sender over its rate may come back, for the answers that tell it (`segment-api.md` 4).
    var rateHeaders: [ReplyHeader] {
        guard case .rateLimited(_, let seconds) = self else { return [] }
        let text = Array(String(seconds).utf8)
        return [ReplyHeader("Retry-After", bytes: text), ReplyHeader("X-RateLimit-Reset", bytes: text)]
    }
}

extension InflateError.Code {
    fileprivate var httpStatus: HTTPStatus {
        switch self {
        case .truncated, .corrupt: .badRequest
        case .compressedTooLarge, .inflatedTooLarge, .ratioTooHigh: .payloadTooLarge
        case .unavailable: .serviceUnavailable
        }
    }
}
