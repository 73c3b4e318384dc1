import Inflate
import RelayModel
import RelayTestKit

/// Compressed bodies: the first line is the `Content-Encoding`, the rest is the body. The body is inflated twice, by an
/// inflater that has seen all earlier inputs and by fresh ones, and its limits are tried to the byte. Then it is
/// compressed as a sender would, and has to come back.
final class InflateFuzz: FuzzRoom {
    private typealias Outcome = Result<[UInt8], InflateError>

    /// What stands in the output before a body does, as another body's bytes may.
    private static let before = Array("before".utf8)
    private let used: Inflater

    init() {
        do { used = try Inflater(limits: InflateLimits()) } catch { fatalError("no zlib: \(error)") }
    }

    func run(_ input: Span<UInt8>) throws(FuzzFinding) {
        let (line, rest) = input.lineAndRest
        let coding = ContentCoding(input.extracting(line))
        try require(coding == plainCoding(input.copied(line)), "a coding is not what its header says")
        let body = input.copied(rest)
        if let coding, coding != .identity {
            let first = try outcome(of: body, coding, with: used, InflateLimits())
            let second = try outcome(of: body, coding, InflateLimits())
            try require(first == second, "what a body becomes depends on the bodies before it")
            try checkLimits(body, coding, first)
        }
        try checkSent(body, coding)
    }

    /// Limits that just hold the body change nothing, and one byte less refuses it.
    private func checkLimits(_ body: [UInt8], _ coding: ContentCoding, _ outcome: Outcome) throws(FuzzFinding) {
        var limits = InflateLimits()
        limits.compressedByteCount = body.count
        if case .success(let text) = outcome {
            limits.inflatedByteCount = text.count
            let again = try self.outcome(of: body, coding, limits)
            try require(again == outcome, "limits refuse what they just hold")
            limits.inflatedByteCount = text.count - 1
            let long = try code(of: body, coding, limits)
            try require(long == .inflatedTooLarge, "a byte over the inflated limit ends as \(label(long))")
        }
        limits.compressedByteCount = body.count - 1
        let large = try code(of: body, coding, limits)
        try require(large == .compressedTooLarge, "a byte over the compressed limit ends as \(label(large))")
    }

    /// A text that is compressed comes back; cut anywhere, it is known as cut, and with a byte more as corrupt.
    private func checkSent(_ text: [UInt8], _ coding: ContentCoding?) throws(FuzzFinding) {
        let form: Compression = coding == .gzip ? .gzip : text.count % 2 == 0 ? .zlib : .bareDeflate
        let coding: ContentCoding = form == .gzip ? .gzip : .deflate
        let body = form.compress(text)
        let limits = InflateLimits()
        let read = try outcome(of: body, coding, with: used, limits)
        try require(read == .success(text), "\(form): a text does not come back")
        let cut = Array(body.prefix(text.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF } % body.count))
        let short = try code(of: cut, coding, limits)
        try require(short == .truncated, "\(form): cut to \(cut.count) bytes it ends as \(label(short))")
        let long = try code(of: body + [text.last ?? 0], coding, limits)
        try require(long == .corrupt, "\(form): with a byte more it ends as \(label(long))")
        if form == .gzip {
            let twice = try outcome(of: body + body, .gzip, limits)
            try require(twice == .success(text + text), "two members are not read as one")
        }
    }

    private func label(_ code: InflateError.Code?) -> String { code?.rawValue ?? "read" }

    private func code(
        of body: [UInt8], _ coding: ContentCoding, _ limits: InflateLimits
    ) throws(FuzzFinding) -> InflateError.Code? {
        if case .failure(let error) = try outcome(of: body, coding, limits) { error.code } else { nil }
    }

    private func outcome(
        of body: [UInt8], _ coding: ContentCoding, _ limits: InflateLimits
    ) throws(FuzzFinding) -> Outcome {
        let fresh: Inflater
        do throws(InflateError) {
            fresh = try Inflater(limits: limits)
        } catch { throw FuzzFinding("no inflater: \(error.code)") }
        return try outcome(of: body, coding, with: fresh, limits)
    }

    /// Inflates behind other bytes. Whatever comes of it, these stay and the limits hold.
    private func outcome(
        of body: [UInt8], _ coding: ContentCoding, with inflater: Inflater, _ limits: InflateLimits
    ) throws(FuzzFinding) -> Outcome {
        var output = Self.before
        let outcome: Outcome
        do throws(InflateError) {
            try inflater.inflate(body.span, coding, into: &output)
            outcome = .success(Array(output.dropFirst(Self.before.count)))
        } catch { outcome = .failure(error) }
        try require(output.starts(with: Self.before), "a body is written over what stands before it")
        let count = output.count - Self.before.count
        try require(count <= max(0, limits.inflatedByteCount), "\(count) bytes are inflated")
        let (most, isUnbounded) = max(1, body.count).multipliedReportingOverflow(by: limits.ratio)
        try require(
            isUnbounded || count <= max(InflateLimits.ratioFreeByteCount, most),
            "\(body.count) bytes are inflated to \(count)")
        if case .failure(let error) = outcome { try require(error.code != .unavailable, "zlib: \(error.status)") }
        return outcome
    }

    /// The names of RFC 9110, 8.4.1, in any case, with blanks around.
    private func plainCoding(_ header: [UInt8]) -> ContentCoding? {
        let isBlank: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        let name = header.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
        return switch String(decoding: name, as: UTF8.self).lowercased() {
        case "", "identity": .identity
        case "gzip", "x-gzip": .gzip
        case "deflate": .deflate
        default: nil
        }
    }
}
