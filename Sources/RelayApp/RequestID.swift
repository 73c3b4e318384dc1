import HTTPIngress
import RelayModel

/// Names one request in its answer (`X-Request-Id`) and in the log.
enum RequestID {
    /// 16 at least, as makers of such ids give them: no name, no number of a person fits in.
    private static let lengths = 16...64

    /// The sender's own, or a proxy's; empty when there is none, or it is none that belongs into a log.
    static func sent(_ request: borrowing RequestView) -> [UInt8] {
        request.withHeader("X-Request-Id") { value in
            var id: [UInt8] = []
            guard lengths.contains(value.count) else { return id }
            for index in value.indices where !isPlain(value[index]) { return id }
            id.append(copying: value)
            return id
        } ?? []
    }

    static func header(_ id: [UInt8]) -> ReplyHeader { ReplyHeader("X-Request-Id", bytes: id) }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}

/// Makes ids for requests that bring none. Ids of one process differ; those of two do, as a rule.
struct RequestIDMaker {
    private var state = UInt64.random(in: .min ... .max)

    /// 16 hexadecimal digits.
    mutating func next() -> [UInt8] {
        // SplitMix64: every state comes once, and gives an output of its own.
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        mixed ^= mixed >> 31
        let digits = Array("0123456789abcdef".utf8)
        return (0..<16).map { digits[Int(truncatingIfNeeded: mixed >> UInt64(60 - 4 * $0)) & 15] }
    }
}
