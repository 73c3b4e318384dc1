import JournalSQLite
import Testing

@Suite("GroupPacing")
struct GroupPacingTests {
    private let start = ContinuousClock.now

    @Test("a few senders never wait")
    func few() {
        var pacing = GroupPacing(interval: .milliseconds(1))
        #expect(pacing.delay(now: start) == nil)
        pacing.took(appendCount: GroupPacing.crowd - 1, now: start)
        #expect(pacing.delay(now: start) == nil)
    }

    @Test("behind a group of many the next is left to grow until the interval is over")
    func many() {
        var pacing = GroupPacing(interval: .milliseconds(1))
        pacing.took(appendCount: GroupPacing.crowd, now: start)
        #expect(pacing.delay(now: start) == .milliseconds(1))
        #expect(pacing.delay(now: start + .microseconds(400)) == .microseconds(600))
        #expect(pacing.delay(now: start + .milliseconds(1)) == nil)
    }

    @Test("a small group ends the waiting")
    func calm() {
        var pacing = GroupPacing(interval: .milliseconds(1))
        pacing.took(appendCount: 50, now: start)
        pacing.took(appendCount: 1, now: start + .milliseconds(1))
        #expect(pacing.delay(now: start + .milliseconds(1)) == nil)
    }

    @Test("no interval, no waiting")
    func off() {
        var pacing = GroupPacing(interval: .zero)
        pacing.took(appendCount: 50, now: start)
        #expect(pacing.delay(now: start) == nil)
    }
}
