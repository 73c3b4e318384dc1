import Testing

@testable import Settings

@Suite("Limits of bodies and Segment calls")
struct IntakeLimitTests {
    private func limits(_ yaml: String) throws -> ListenSettings.Limits {
        try settings(yaml.isEmpty ? nil : "listen: {limits: \(yaml)}").listen.limits
    }

    @Test("the defaults are Segment's own")
    func defaults() throws {
        let read = try limits("")
        #expect(read.segment.eventByteCount == 32 * 1024)
        #expect(read.segment.batchByteCount == 500 * 1024)
        #expect(read.segment.batchEventCount == 2_500)
        #expect(read.compressedBodyByteCount == 1 << 20)
        #expect(read.inflateRatio == 200)
    }

    @Test("each key is read")
    func keys() throws {
        let read = try limits(
            "{compressed_body_bytes: 64KiB, inflate_ratio: 50, "
                + "segment: {event_bytes: 16KiB, batch_bytes: 1MiB, batch_events: 100}}")
        #expect(read.compressedBodyByteCount == 64 << 10)
        #expect(read.inflateRatio == 50)
        #expect(read.segment.eventByteCount == 16 << 10)
        #expect(read.segment.batchByteCount == 1 << 20)
        #expect(read.segment.batchEventCount == 100)
    }

    @Test(
        "values that make no sense, and unknown keys, are refused with their path",
        arguments: [
            ("{inflate_ratio: 0}", "listen.limits.inflate_ratio"),
            ("{compressed_body_bytes: 1}", "listen.limits.compressed_body_bytes"),
            ("{segment: {event_bytes: 1}}", "listen.limits.segment.event_bytes"),
            ("{segment: {batch_bytes: 1GiB}}", "listen.limits.segment.batch_bytes"),
            ("{segment: {batch_events: 0}}", "listen.limits.segment.batch_events"),
            ("{segment: {events: 5}}", "listen.limits.segment.events"),
        ])
    func refused(_ yaml: String, _ path: String) {
        #expect(faults("listen: {limits: \(yaml)}").map(\.path) == [path])
    }
}
