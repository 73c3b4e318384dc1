import HTTPIngress
import Intake

// Which methods the intake routes take.
extension IntakeRoute {
    /// Whether a call by this method is one of the route's. Preflights, and HEAD on `/g/collect`, are answered before.
    func takes(_ method: RequestMethod) -> Bool {
        switch self {
        case .ga4Collect: method == .post || method == .get
        case .segment(let call): method == (call.isPixel ? .get : .post)
        case .measurementProtocol, .measurementProtocolDebug, .pinterestEvents: method == .post
        }
    }

    /// The `Allow` of a 405.
    var allowHeader: ReplyHeader {
        switch self {
        case .ga4Collect: ReplyHeader("Allow", "GET, HEAD, POST, OPTIONS")
        case .segment(let call) where call.isPixel: ReplyHeader("Allow", "GET, OPTIONS")
        case .segment, .measurementProtocol, .measurementProtocolDebug, .pinterestEvents:
            ReplyHeader("Allow", "POST, OPTIONS")
        }
    }
}
