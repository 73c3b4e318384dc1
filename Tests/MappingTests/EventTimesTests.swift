import RelayModel
import Testing

@testable import Mapping

@Suite("Event times")
struct EventTimesTests {
    @Test(
        "times are read in each of their forms",
        arguments: [
            ("2026-11-21T12:00:00Z", now), ("2026-11-21T12:00:00.000Z", now), ("2026-11-21t13:00:00+01:00", now),
            ("2026-11-21 07:00:00-0500", now), ("2026-11-21T12:00Z", now), ("2026-11-21T17:30:00+05:30", now),
            ("2026-11-21T14:00:00+02", now), ("2026-11-21T12:00:00.1234567Z", now + 123_456),
            ("2026-11-21T12:00:00,5Z", now + 500_000), ("1795262400", now), ("1795262400000", now),
            ("1795262400000000", now), ("1795262400.75", now), ("1970-01-01T00:00:00Z", 0),
            ("2000-02-29T00:00:00Z", 951_782_400_000_000), ("1969-12-31T23:59:59.5Z", -500_000),
            ("2016-12-31T23:59:60Z", 1_483_228_800_000_000),
        ])
    func read(text: String, expected: Int64) {
        #expect(EventTimes.micros(Array(text.utf8).span) == expected)
    }

    @Test(
        "what is no time, or has no zone, is refused",
        arguments: [
            "", "yesterday", "2026-11-21", "2026-11-21T12:00:00", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z",
            "2026-04-31T00:00:00Z", "2026-11-21T24:00:00Z", "2026-11-21T12:60:00Z", "2026-11-21T12:00:00.Z",
            "2026-11-21T12:00:00ZZ", "2026-11-21T12:00:00+1", "-5", "1e9", "1795262400s", "123456789012345678901",
            "179526240000000000", "2026-00-10T00:00:00Z", "2026-11-00T00:00:00Z",
        ])
    func refused(text: String) {
        #expect(EventTimes.micros(Array(text.utf8).span) == nil)
    }

    private func timed(_ members: String) throws -> Outcome {
        try track("{\"event\":\"Order Completed\",\"messageId\":\"m\",\(members)}")
    }

    @Test(
        "a sender's clock is corrected by when it says it sent",
        arguments: [
            // A clock two hours fast: sent at 14:00 by its own time, received at 12:00.
            (#""timestamp":"2026-11-21T13:50:00Z","sentAt":"2026-11-21T14:00:00Z""#, -600),
            (#""originalTimestamp":"2026-11-21T13:50:00Z","sentAt":"2026-11-21T14:00:00Z""#, -600),
            // Another relay has corrected `timestamp` already.
            (
                #""timestamp":"2026-11-21T11:00:00Z","originalTimestamp":"2026-11-21T13:50:00Z","sentAt":"2026-11-21T14:00:00Z""#,
                -600
            ),
            (#""timestamp":"2026-11-21T11:00:00Z""#, -3600),
            // A correction of more than a day is not applied.
            (#""timestamp":"2026-11-21T11:00:00Z","sentAt":"2026-11-23T12:00:00Z""#, -3600),
            (#""timestamp":"2026-11-21T11:00:00Z","sentAt":"soon""#, -3600),
            (#""timestamp":"soon","originalTimestamp":"2026-11-21T11:30:00Z""#, -1800),
            (#""receivedAt":"2026-11-21T11:59:00Z""#, -60),
            (#""timestamp":"2026-11-21T11:00:00Z","properties":{"event_time":"2026-11-21T11:59:59Z"}"#, -1),
        ])
    func skew(members: String, offset: Int64) throws {
        #expect(try timed(members)["event_time"] == String(1_795_262_400 + offset))
    }

    @Test("an event without a time has the time of receipt")
    func receipt() throws {
        #expect(try hit("purchase")["event_time"] == "1795262400")
    }

    @Test("an unusable time is told and passed over")
    func unusable() throws {
        let outcome = try timed(#""timestamp":"soon""#)
        #expect(outcome["event_time"] == "1795262400")
        #expect(outcome.warnings == ["event_time unusable"])
    }

    @Test("up to five minutes ahead is now, with a warning; beyond, the event is not sent")
    func future() throws {
        let near = try timed(#""timestamp":"2026-11-21T12:05:00Z""#)
        #expect(near["event_time"] == "1795262400")
        #expect(near.warnings == ["event_time time_adjusted"])
        #expect(try timed(#""timestamp":"2026-11-21T12:05:01Z""#).reason == .future)
        // A fast clock is no future.
        #expect(
            try timed(#""timestamp":"2026-11-21T14:00:00Z","sentAt":"2026-11-21T14:00:00Z""#).reason == nil)
    }

    @Test("over seven days old is not sent")
    func tooOld() throws {
        #expect(try timed(#""timestamp":"2026-11-14T12:00:00Z""#).reason == nil)
        #expect(try timed(#""timestamp":"2026-11-14T11:59:59Z""#).reason == .tooOld)
    }

    @Test(
        "GA4 events have their time in microseconds or in event_time",
        arguments: [
            (#""timestamp_micros":1795262100000000"#, -300), (#""timestamp_micros":"1795262100000000""#, -300),
            (#""event_time":1795262340"#, -60),
            (#""event_time":"1795262340","timestamp_micros":1795262100000000"#, -60),
            (#""event_time":"x","timestamp_micros":1795262100000000"#, -300),
        ])
    func ga4(members: String, offset: Int64) throws {
        #expect(try hit("purchase", members)["event_time"] == String(1_795_262_400 + offset))
    }
}
