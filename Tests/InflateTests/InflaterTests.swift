import Foundation
import Inflate
import RelayTestKit
import Testing

@Suite("Inflating bodies")
struct InflaterTests {
    private let text = Array(#"{"type":"track","event":"Order Completed","userId":"u1"}"#.utf8)

    private func inflate(
        _ body: [UInt8], _ coding: ContentCoding, _ limits: InflateLimits = InflateLimits()
    ) throws -> [UInt8] {
        var output: [UInt8] = []
        try Inflater(limits: limits).inflate(body.span, coding, into: &output)
        return output
    }

    private func code(
        _ body: [UInt8], _ coding: ContentCoding, _ limits: InflateLimits = InflateLimits()
    ) -> InflateError.Code? {
        do throws(InflateError) {
            var output: [UInt8] = []
            try Inflater(limits: limits).inflate(body.span, coding, into: &output)
            return nil
        } catch { return error.code }
    }

    /// The same text by Python's `gzip.compress`, `zlib.compress` and `zlib.compressobj(9, DEFLATED, -15)`.
    @Test(
        "what another writer compressed is read",
        arguments: [
            (
                ContentCoding.gzip,
                "H4sIAAAAAAACA6tWKqksSFWyUiopSkzOVtJRSi1LzSsB8v2LUlKLFJzzcwtyUktSU4AypcWpRZ4pQKlSQ6VaABUTjK04AAAA"
            ),
            (.deflate, "eJyrViqpLEhVslIqKUpMzlbSUUotS80rAfL9i1JSixSc83MLclJLUlOAMqXFqUWeKUCpUkOlWgAUahJb"),
            (.deflate, "q1YqqSxIVbJSKilKTM5W0lFKLUvNKwHy/YtSUosUnPNzC3JSS1JTgDKlxalFnilAqVJDpVoA"),
        ])
    func foreignWriter(_ coding: ContentCoding, _ base64: String) throws {
        let body = try #require(Data(base64Encoded: base64))
        #expect(try inflate(Array(body), coding) == text)
    }

    @Test("identity is copied")
    func identity() throws {
        #expect(try inflate(text, .identity) == text)
    }

    @Test("bodies of many chunks come back whole, in every form", arguments: Compression.allCases)
    func large(_ form: Compression) throws {
        var random = SeededRandom(seed: 3)
        let body = (0..<400_000).map { _ in UInt8.random(in: 0...31, using: &random) }
        #expect(try inflate(form.compress(body), form == .gzip ? .gzip : .deflate) == body)
        #expect(try inflate(form.compress([]), form == .gzip ? .gzip : .deflate) == [])
    }

    @Test("a gzip body of several members is their texts in a row")
    func members() throws {
        let body = Compression.gzip.compress(text)
        #expect(try inflate(body + body + body, .gzip) == text + text + text)
    }

    @Test("one inflater takes body after body, faults and other forms in between")
    func repeated() throws {
        let inflater = try Inflater(limits: InflateLimits())
        for round in 0..<30 {
            let form = Compression.allCases[round % 3]
            let coding: ContentCoding = form == .gzip ? .gzip : .deflate
            var output = Array("kept".utf8)
            try inflater.inflate(form.compress(text).span, coding, into: &output)
            #expect(output == Array("kept".utf8) + text)
            #expect(throws: InflateError.self) {
                try inflater.inflate(Array("no such stream".utf8).span, .gzip, into: &output)
            }
        }
    }

    @Test("a body cut short anywhere is truncated", arguments: Compression.allCases)
    func truncated(_ form: Compression) {
        let body = form.compress(text)
        for count in 0..<body.count {
            #expect(code(Array(body[..<count]), form == .gzip ? .gzip : .deflate) == .truncated, "\(count)")
        }
    }

    @Test("what is no stream, and what stands behind one, is corrupt")
    func corrupt() {
        let gzip = Compression.gzip.compress(text)
        #expect(code(text, .gzip) == .corrupt)
        #expect(code(Compression.zlib.compress(text), .gzip) == .corrupt)
        #expect(code(gzip, .deflate) == .corrupt)
        #expect(code(gzip + [0], .gzip) == .corrupt)
        #expect(code(gzip + Array("more".utf8), .gzip) == .corrupt)
        #expect(code(Compression.zlib.compress(text) + [1], .deflate) == .corrupt)
        var wrongSum = gzip
        wrongSum[wrongSum.count - 6] ^= 1
        #expect(code(wrongSum, .gzip) == .corrupt)
    }

    @Test("limits are kept to the byte")
    func limits() {
        let body = Compression.gzip.compress(text)
        var limits = InflateLimits()
        limits.compressedByteCount = body.count
        limits.inflatedByteCount = text.count
        #expect(code(body, .gzip, limits) == nil)
        limits.inflatedByteCount = text.count - 1
        #expect(code(body, .gzip, limits) == .inflatedTooLarge)
        limits.compressedByteCount = body.count - 1
        #expect(code(body, .gzip, limits) == .compressedTooLarge)
    }

    @Test("a bomb is refused before it is inflated", arguments: Compression.allCases)
    func bomb(_ form: Compression) throws {
        let body = form.compress([UInt8](repeating: 0, count: 64 << 20))
        let coding: ContentCoding = form == .gzip ? .gzip : .deflate
        var output: [UInt8] = []
        #expect(throws: InflateError.self) {
            try Inflater(limits: InflateLimits()).inflate(body.span, coding, into: &output)
        }
        #expect(output.count <= 4 << 20)
        #expect(code(body, coding) == .inflatedTooLarge)
    }

    @Test("the ratio counts beyond the free first bytes")
    func ratio() {
        var limits = InflateLimits()
        limits.ratio = 20
        let short = [UInt8](repeating: 0x20, count: InflateLimits.ratioFreeByteCount)
        #expect(code(Compression.gzip.compress(short), .gzip, limits) == nil)
        let long = [UInt8](repeating: 0x20, count: InflateLimits.ratioFreeByteCount + 1)
        #expect(code(Compression.gzip.compress(long), .gzip, limits) == .ratioTooHigh)
        limits.ratio = 2_000
        #expect(code(Compression.gzip.compress(long), .gzip, limits) == nil)
    }

    @Test("random bytes never do more than throw")
    func randomBytes() throws {
        var random = SeededRandom(seed: 11)
        let inflater = try Inflater(limits: InflateLimits())
        let good = Compression.allCases.map { $0.compress(text) }
        for round in 0..<20_000 {
            var body = good[round % 3]
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                body[Int.random(in: 0..<body.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            var output: [UInt8] = []
            try? inflater.inflate(body.span, round % 3 == 0 ? .gzip : .deflate, into: &output)
            #expect(output.count <= 4 << 20)
        }
    }

    @Test(
        "the coding is told by its header",
        arguments: [
            ("gzip", ContentCoding.gzip), ("GZIP", .gzip), (" x-gzip\t", .gzip), ("deflate", .deflate),
            ("Deflate ", .deflate), ("identity", .identity), ("", .identity), ("br", nil), ("gzip, gzip", nil),
            ("zstd", nil), ("gzip2", nil), ("compress", nil),
        ])
    func codings(_ header: String, _ coding: ContentCoding?) {
        let bytes = Array(header.utf8)
        #expect(ContentCoding(bytes.span) == coding)
    }

    @Test("only a fault of zlib's own is worth another try", arguments: InflateError.Code.allCases)
    func codes(_ code: InflateError.Code) {
        #expect(code.rawValue.allSatisfy { $0.isLowercase || $0 == "_" })
    }
}
