import HTTPIngress

extension IngressRefusal {
    /// As the refusal's own answer names it.
    var code: String {
        switch self {
        case .methodNotAllowed: "method_not_allowed"
        case .bodyTooLarge: "body_too_large"
        case .malformed: "malformed_request"
        }
    }
}
