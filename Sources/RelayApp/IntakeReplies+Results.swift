import HTTPIngress
import Intake
import RelayModel
import WireCodec

// What Segment's senders may get beside the plain answer: the result of each event, and RudderStack's image.
extension IntakeReplies {
    /// Whether a call asks for the result of each of its events: by `results=1` in its query, or by
    /// `Prefer: return=representation`. The calls without events of their own, and images, cannot tell any.
    static func wantsResults(_ route: IntakeRoute, _ request: borrowing RequestView) -> Bool {
        guard case .segment(let call) = route, !call.isPixel, call != .libraryMetrics else { return false }
        return request.withQuery { $0.hasPart("results=1", between: "&") }
            || request.withHeader("Prefer") { $0.hasPart("return=representation", between: ",;") } ?? false
    }

    /// `{"success":true,"results":[{"index":0,"status":"accepted"},...]}`, in the events' order in the call.
    static func body(listing results: [ItemResult]) -> [UInt8] {
        var writer = JSONWriter(reserving: 32 + results.count * 40)
        writer.beginObject()
        writer.key("success")
        writer.bool(true)
        writer.key("results")
        writer.beginArray()
        for (index, result) in results.enumerated() {
            writer.beginObject()
            writer.key("index")
            writer.integer(Int64(index))
            writer.key("status")
            writer.string(result.status)
            if let reason = result.reason {
                writer.key("reason")
                writer.string(reason)
            }
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return writer.take()
    }

    /// The image that a pixel call is answered with, a refused one included, since a page may show it; the status tells.
    static func pixel(_ status: HTTPStatus, _ headers: [ReplyHeader]) -> Reply {
        Reply(status, contentType: "image/gif", headers: headers, body: .bytes(transparentGIF))
    }

    /// One transparent pixel: header and screen of 1x1 with two colours, transparency, image, end.
    private static let transparentGIF: [UInt8] =
        Array("GIF89a".utf8) + [1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF]
        + [0x21, 0xF9, 4, 1, 0, 0, 0, 0] + [0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3B]
}

extension Span<UInt8> {
    /// True when one of the parts between `marks` is `wanted` (lower-case; letters compared in any case), blanks aside.
    fileprivate func hasPart(_ wanted: StaticString, between marks: StaticString) -> Bool {
        var start = 0
        for end in 0...count where end == count || marks.holds(self[end]) {
            while start < end, self[start] == UInt8(ascii: " ") { start += 1 }
            var last = end
            while last > start, self[last - 1] == UInt8(ascii: " ") { last -= 1 }
            let part = extracting(start..<last)
            if part.count == wanted.utf8CodeUnitCount, part.hasPrefix(anyCaseOf: wanted) { return true }
            start = end + 1
        }
        return false
    }
}

extension StaticString {
    fileprivate func holds(_ byte: UInt8) -> Bool {
        withBytes { bytes in
            for index in bytes.indices where bytes[index] == byte { return true }
            return false
        }
    }
}
