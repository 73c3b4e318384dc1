import Foundation
import Glibc
import RelayTestKit
import Testing

/// The relay on a disk that fails, through a library that is preloaded into its process (`Faults/disk_faults.c`).
@Suite("The relay on a failing disk", .enabled(if: DiskFaults.compiler != nil, "there is no C compiler"))
struct DiskFaultTests {
    private static func order(_ id: String) -> String {
        #"{"writeKey":"wk","event":"Order Completed","messageId":"\#(id)","userId":"u","properties":{"value":1},"#
            + #""context":{"traits":{"email":"jane@example.com"}}}"#
    }

    private struct Rig {
        let folder = TemporaryFolder()
        let faults: DiskFaults
        let stack: RelayStack

        init() throws {
            faults = try DiskFaults(in: folder)
            stack = try RelayStack(environment: try faults.environment, folder: folder)
        }

        /// - Returns: nil when there was no answer.
        func post(_ id: String) -> TestHTTPClient.Answer? {
            try? TestHTTPClient.post(port: stack.publicPort, "/v1/track", DiskFaultTests.order(id))
        }
    }

    @Test(
        "after a failed write or sync the waiting call gets 503, the process ends with 74, and the next start has all",
        arguments: [(EIO, 0), (0, EIO), (0, ENOSPC)] as [(Int32, Int32)])
    func failed(writes: Int32, syncs: Int32) throws {
        let rig = try Rig()
        for number in 0..<20 { #expect(rig.post("before-\(number)")?.status == 200) }
        rig.faults.failWrites(writes)
        rig.faults.failSyncs(syncs)
        let refused = try #require(rig.post("refused"))
        #expect(refused.status == 503)
        #expect(refused.headers["retry-after"] != nil)
        #expect(rig.post("later").map { $0.status == 503 } ?? true)
        #expect(rig.stack.relay.exitCode(within: 20) == 74, "\(rig.stack.relay.output)")
        #expect(rig.faults.failedCalls > 0)
        let (relay, publicPort, _) = try RelayStack.startRelay(
            upstreamPort: rig.stack.sandboxPort, folder: rig.folder)
        #expect(try TestHTTPClient.get(port: publicPort, "/readyz").status == 200)
        _ = try rig.stack.waitForEvents(20)
        let ids = Set(try rig.stack.receivedEvents().compactMap { $0["event_id"] as? String })
        #expect(ids.isSuperset(of: (0..<20).map { "before-\($0)" }))
        #expect(relay.isRunning)
    }

    @Test("without room on the disk senders get 503 with Retry-After, and room is found again without a restart")
    func noRoom() throws {
        let rig = try Rig()
        #expect(rig.post("first")?.status == 200)
        rig.faults.failWrites(ENOSPC)
        let refused = try #require(rig.post("full"))
        #expect(refused.status == 503)
        #expect(refused.headers["retry-after"] != nil)
        #expect(try TestHTTPClient.get(port: rig.stack.publicPort, "/readyz").status == 503)
        #expect(try TestHTTPClient.get(port: rig.stack.publicPort, "/livez").status == 200)
        let health = try TestHTTPClient.get(port: rig.stack.adminPort, "/healthz?verbose").text
        #expect(health.contains(#""state":"disk""#), "\(health)")
        rig.faults.failWrites(0)
        let isBack = try eventually(within: 10) {
            try TestHTTPClient.get(port: rig.stack.publicPort, "/readyz").status == 200
        }
        #expect(isBack)
        #expect(rig.post("full")?.status == 200)
        let events = try rig.stack.waitForEvents(2)
        #expect(Set(events.compactMap { $0["event_id"] as? String }) == ["first", "full"])
        #expect(rig.stack.relay.isRunning)
    }

    @Test("a slow sync slows the answer and nothing else", arguments: [5, 50, 500] as [Int32])
    func slow(milliseconds: Int32) throws {
        let rig = try Rig()
        rig.faults.slowSyncs(milliseconds: milliseconds)
        let clock = ContinuousClock()
        for number in 0..<3 {
            let took = clock.measure { #expect(rig.post("slow-\(number)")?.status == 200) }
            #expect(took >= .milliseconds(Int(milliseconds)))
        }
        #expect(try TestHTTPClient.get(port: rig.stack.publicPort, "/readyz").status == 200)
        #expect(try rig.stack.waitForEvents(3).count == 3)
    }
}
