import HTTPIngress
import Inflate
import Intake

/// Lends request bodies as their senders meant them: inflated where they came compressed. One per ingress thread.
final class BodyReader {
    /// A buffer that a rare body has grown beyond it is not kept.
    private static let keptByteCount = 1 << 20

    private let inflater: Inflater
    private var inflated: [UInt8] = []

    init(limits: InflateLimits) throws { inflater = try Inflater(limits: limits) }

    /// Lends the body for the length of one call.
    func withBody<Result>(
        of request: borrowing some IncomingRequest & ~Copyable, _ take: (Span<UInt8>) throws(IntakeFault) -> Result
    ) throws(CallFault) -> Result {
        let coding = request.bodyByteCount == 0 ? .identity : try Self.coding(of: request)
        if coding == .identity {
            do throws(IntakeFault) { return try request.withBody(take) } catch { throw .intake(error) }
        }
        defer { inflated.removeAll(keepingCapacity: inflated.capacity <= Self.keptByteCount) }
        do throws(InflateError) {
            try request.withBody { body throws(InflateError) in try inflater.inflate(body, coding, into: &inflated) }
        } catch { throw .inflate(error) }
        do throws(IntakeFault) { return try take(inflated.span) } catch { throw .intake(error) }
    }

    private static func coding(of request: borrowing some IncomingRequest & ~Copyable) throws(CallFault)
        -> ContentCoding
    {
        guard let named = request.withHeader("Content-Encoding", { ContentCoding($0) }) else { return .identity }
        guard let coding = named, request.headerCount("Content-Encoding") == 1 else { throw .unsupportedEncoding }
        return coding
    }
}
