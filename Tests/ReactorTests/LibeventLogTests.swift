import Testing

@testable import Reactor

@Suite("LibeventLog")
struct LibeventLogTests {
    @Test("warnings and errors are kept, cut to length; a flood is counted; debug lines are not kept")
    func bounded() {
        _ = LibeventLog.take()
        record(severity: 0, "debug")
        record(severity: 2, String(repeating: "w", count: 500))
        record(severity: 3, "error")
        for _ in 0..<100 { record(severity: 2, "flood") }
        let batch = LibeventLog.take()
        #expect(batch.entries.count == 32)
        #expect(batch.entries[0] == LibeventLog.Entry(isError: false, message: String(repeating: "w", count: 200)))
        #expect(batch.entries[1] == LibeventLog.Entry(isError: true, message: "error"))
        #expect(batch.suppressed == 70)
        #expect(LibeventLog.take().entries.isEmpty)
    }

    private func record(severity: Int32, _ message: String) {
        message.withCString { LibeventLog.record(severity: severity, message: $0) }
    }
}
