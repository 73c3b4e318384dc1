import Foundation
import Logging
import Synchronization
import Testing

@testable import Telemetry

@Suite("LogRateLimiter")
struct LogRateLimiterTests {
    @Test("writes its share per message and window, then tells how many were left out")
    func window() {
        var limiter = LogRateLimiter(limit: 2)
        #expect(limiter.decide("a", nowMillis: 0) == .write(suppressed: 0))
        #expect(limiter.decide("a", nowMillis: 1) == .write(suppressed: 0))
        #expect(limiter.decide("a", nowMillis: 2) == .suppress)
        #expect(limiter.decide("a", nowMillis: 999) == .suppress)
        #expect(limiter.decide("b", nowMillis: 999) == .write(suppressed: 0))
        #expect(limiter.decide("a", nowMillis: 1000) == .write(suppressed: 2))
        #expect(limiter.decide("a", nowMillis: 1001) == .write(suppressed: 0))
        #expect(limiter.decide("a", nowMillis: 1002) == .suppress)
    }

    @Test("messages beyond its memory share one budget")
    func bounded() {
        var limiter = LogRateLimiter(limit: 1, maxKeys: 2)
        #expect(limiter.decide("a", nowMillis: 0) == .write(suppressed: 0))
        #expect(limiter.decide("b", nowMillis: 0) == .write(suppressed: 0))
        #expect(limiter.decide("c", nowMillis: 0) == .write(suppressed: 0))
        #expect(limiter.decide("d", nowMillis: 0) == .suppress)
    }
}

@Suite("JSONLinesLogHandler")
struct JSONLinesLogHandlerTests {
    private final class Sink: Sendable {
        private let lines = Mutex<[String]>([])
        func take(_ bytes: [UInt8]) { lines.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) } }
        var all: [String] { lines.withLock { $0 } }
    }

    private static func logger(_ sink: Sink, _ format: LogOutput.Format, level: Logger.Level = .info) -> Logger {
        let output = LogOutput(
            format: format, linesPerSecond: 2, uptimeMillis: { 0 }, unixMillis: { 1_709_210_096_007 },
            write: { sink.take($0) })
        return Logger(label: "relay") { JSONLinesLogHandler(label: $0, level: level, output: output) }
    }

    @Test("a line is one JSON object with time, level, logger, message and metadata")
    func json() throws {
        let sink = Sink()
        var logger = Self.logger(sink, .json)
        logger[metadataKey: "loop"] = "1"
        logger.notice(
            "started", metadata: ["port": "80\"\n", "list": ["a", "b"], "level": "mine", "n": .stringConvertible(5)])
        #expect(
            sink.all == [
                #"{"time":"2024-02-29T12:34:56.007Z","level":"notice","logger":"relay","message":"started","#
                    + #""level_":"mine","list":["a","b"],"loop":"1","n":"5","port":"80\"\n"}"# + "\n"
            ])
    }

    @Test("the text format is for people, one line an event")
    func text() {
        let sink = Sink()
        Self.logger(sink, .text).warning("went\nwrong", metadata: ["code": "7"])
        #expect(sink.all == ["2024-02-29T12:34:56.007Z warning relay went wrong code=7\n"])
    }

    @Test("events below the level are not written")
    func level() {
        let sink = Sink()
        Self.logger(sink, .json, level: .warning).info("quiet")
        #expect(sink.all.isEmpty)
    }

    @Test("a line is bounded and stays valid JSON that says so", arguments: [LogOutput.Format.json, .text])
    func bounded(format: LogOutput.Format) throws {
        let sink = Sink()
        let long = String(repeating: "\u{1}é\"", count: 5000)
        let metadata = (0..<30).map { ("key\($0)", Logger.MetadataValue.string(long)) }
        Self.logger(sink, format).info("long", metadata: Dictionary(uniqueKeysWithValues: metadata))
        let line = try #require(sink.all.first)
        #expect(line.utf8.count <= LogOutput.maxLineByteCount)
        #expect(line.filter(\.isNewline).count == 1)
        #expect(line.contains("truncated"))
        if format == .json { _ = try JSONSerialization.jsonObject(with: Data(line.utf8)) }
    }

    @Test("a flood of one message is cut")
    func flood() {
        let sink = Sink()
        let logger = Self.logger(sink, .json)
        for _ in 0..<100 { logger.info("again") }
        logger.info("other")
        #expect(sink.all.count == 3)
    }

    @Test(
        "times are written in UTC",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (4_102_444_799_999, "2099-12-31T23:59:59.999Z"), (-1, "1969-12-31T23:59:59.999Z"),
        ] as [(Int64, String)])
    func times(millis: Int64, expected: String) { #expect(LogTime.text(unixMillis: millis) == expected) }
}
