import Foundation
import Glibc
import RelayTestKit
import Testing

/// A small file system in memory, mounted for one test.
private final class SmallVolume {
    let path: String
    private static let mount = "/bin/mount"

    /// Whether this process may mount: tried once, since root in a container may not.
    static let isPossible: Bool = (try? SmallVolume(mebibytes: 1)) != nil

    init(mebibytes: Int) throws {
        path = NSTemporaryDirectory() + "pinrelay-volume-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let arguments = ["-t", "tmpfs", "-o", "size=\(mebibytes)m", "pinrelay-test", path]
        guard try BinaryProcess(arguments, executable: Self.mount).exitCode() == 0 else {
            throw CocoaError(.fileWriteNoPermission)
        }
    }

    deinit {
        umount2(path, Int32(MNT_DETACH))
        try? FileManager.default.removeItem(atPath: path)
    }

    /// A neighbour takes all but so many bytes.
    func fill(leaving bytes: Int) throws {
        var found = statvfs()
        statvfs(path, &found)
        let available = Int(found.f_bavail) * Int(found.f_frsize)
        try Data(count: max(0, available - bytes)).write(to: URL(fileURLWithPath: path + "/neighbour"))
    }

    func empty() throws { try FileManager.default.removeItem(atPath: path + "/neighbour") }
}

@Suite("The relay on a full disk", .enabled(if: SmallVolume.isPossible, "this user may not mount a tmpfs"))
struct FullDiskTests {
    private static func order(_ id: Int) -> String {
        let filler = String(repeating: "x", count: 2000)
        return #"{"writeKey":"wk","event":"Order Completed","messageId":"full-\#(id)","userId":"u","#
            + #""properties":{"value":1,"order_id":"\#(id)"},"context":{"userAgent":"\#(filler)","traits":{"email":"jane@example.com"}}}"#
    }

    /// Sends until one is refused.
    private static func sendUntilRefused(port: Int, _ ids: PartialRangeFrom<Int>) throws -> (
        stored: [Int], TestHTTPClient.Answer
    ) {
        var stored: [Int] = []
        for id in ids {
            let answer = try TestHTTPClient.post(port: port, "/v1/track", order(id))
            if answer.status != 200 { return (stored, answer) }
            stored.append(id)
        }
        throw CocoaError(.coderInvalidValue)
    }

    @Test("a disk that a neighbour fills stops intake alone: deliveries and deletions go on, and room is found again")
    func neighbour() throws {
        let volume = try SmallVolume(mebibytes: 24)
        let stack = try RelayStack(
            environment: ["PINRELAY_JOURNAL_PATH": volume.path + "/journal"], sandboxArguments: ["--status", "503"])
        for id in 0..<200 {
            #expect(try TestHTTPClient.post(port: stack.publicPort, "/v1/track", Self.order(id)).status == 200)
        }
        try volume.fill(leaving: 0)
        let (stored, refused) = try Self.sendUntilRefused(port: stack.publicPort, 200...)
        #expect(refused.status == 503)
        #expect(refused.headers["retry-after"] != nil)
        #expect(try eventually { try TestHTTPClient.get(port: stack.publicPort, "/readyz").status == 503 })
        #expect(try eventually { try stack.metrics()["pinrelay_journal_headroom_bytes"] == 0 })

        // The upstream is back: on the full disk all is delivered, and leaves the journal.
        _ = try TestHTTPClient.post(port: stack.sandboxPort, "/sandbox/faults", "{}")
        let all = 200 + stored.count
        let isDrained = try eventually(within: 40) {
            try stack.metrics().filter { $0.key.hasPrefix("pinrelay_events_queued") }.values.reduce(0, +) == 0
        }
        #expect(isDrained, "\(stack.relay.output.suffix(2000))")
        #expect(Set(try stack.receivedEvents().compactMap { $0["event_id"] as? String }).count == all)

        try volume.empty()
        #expect(try eventually { try TestHTTPClient.get(port: stack.publicPort, "/readyz").status == 200 })
        #expect(try TestHTTPClient.post(port: stack.publicPort, "/v1/track", Self.order(100_000)).status == 200)
        #expect(try stack.waitForEvents(all + 1).count == all + 1)
        #expect(stack.relay.isRunning)
        #expect(try eventually { try stack.metrics()["pinrelay_events_unaccounted"] == 0 })
    }

    @Test("a relay starts on a full disk, delivers what waits, and takes events when there is room")
    func startOnFullDisk() throws {
        let volume = try SmallVolume(mebibytes: 24)
        let journal = ["PINRELAY_JOURNAL_PATH": volume.path + "/journal"]
        let stack = try RelayStack(environment: journal, sandboxArguments: ["--status", "503"])
        for id in 0..<50 {
            #expect(try TestHTTPClient.post(port: stack.publicPort, "/v1/track", Self.order(id)).status == 200)
        }
        stack.relay.kill(SIGKILL)
        _ = stack.relay.exitCode()
        try volume.fill(leaving: 0)
        _ = try TestHTTPClient.post(port: stack.sandboxPort, "/sandbox/faults", "{}")
        let (relay, publicPort, _) = try RelayStack.startRelay(
            upstreamPort: stack.sandboxPort, folder: stack.folder, environment: journal)
        #expect(try stack.waitForEvents(50).count >= 50)
        #expect(try TestHTTPClient.get(port: publicPort, "/readyz").status == 503)
        try volume.empty()
        #expect(try eventually { try TestHTTPClient.get(port: publicPort, "/readyz").status == 200 })
        #expect(relay.isRunning)
    }
}
