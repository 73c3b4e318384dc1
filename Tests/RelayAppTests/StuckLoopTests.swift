import Foundation
import Logging
import Reactor
import RelayTestKit
import Settings
import Synchronization
import Testing

@testable import RelayApp

/// A whole relay in this process, whose loops the test keeps from turning.
@Suite("A loop that stands still")
struct StuckLoopTests {
    private static func relay(in folder: TemporaryFolder) throws -> RelayApp {
        let yaml = """
            listen: { address: 127.0.0.1, port: 0, threads: 2 }
            admin: { address: 127.0.0.1, port: 0 }
            upstream: { url: "http://127.0.0.1:9" }
            journal: { path: \(folder.path)/journal, allow_volatile: true }
            destinations: [{ name: shop, ad_account_id: "1001", token: t }]
            """
        return try RelayApp(
            settings: try relaySettings(yaml), log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Keeps a loop from turning until `release` is signalled.
    private static func hold(_ loop: String, of relay: RelayApp, until release: DispatchSemaphore) {
        switch loop {
        case "ingress-0": relay.ingress[0].loop.post { release.wait() }
        case "ingress-1": relay.ingress[1].loop.post { release.wait() }
        case "admin": relay.admin.loop.post { release.wait() }
        default: relay.delivery.drain { release.wait() }
        }
    }

    @Test(
        "livez names it after five seconds, from a thread that turns, and recovers with it",
        arguments: ["ingress-0", "ingress-1", "admin", "delivery"])
    func stuck(_ loop: String) throws {
        let folder = TemporaryFolder()
        let relay = try Self.relay(in: folder)
        defer { relay.stop() }
        let started = try eventually { try TestHTTPClient.get(port: relay.adminPort, "/startupz").status == 200 }
        #expect(started)
        // The kernel gives a connection to either of the public loops: the admin port tells of them, and they of it.
        let port = loop == "admin" ? relay.publicPort : relay.adminPort
        let release = DispatchSemaphore(value: 0)
        Self.hold(loop, of: relay, until: release)
        let held = ContinuousClock.now
        var answer = try TestHTTPClient.get(port: port, "/livez")
        #expect(answer.status == 200)
        let isFound = try eventually(within: 8) {
            answer = try TestHTTPClient.get(port: port, "/livez")
            return answer.status == 503
        }
        #expect(isFound)
        #expect(ContinuousClock.now - held > .seconds(3))
        #expect(answer.json()["reasons"] as? [String] == ["loop \(loop) is stuck"])
        #expect(try TestHTTPClient.get(port: port, "/readyz").status == 503)
        #expect(try TestHTTPClient.get(port: port, "/startupz").status == 200)
        release.signal()
        let isBack = try eventually { try TestHTTPClient.get(port: port, "/livez").status == 200 }
        #expect(isBack)
        let health = try TestHTTPClient.get(port: relay.adminPort, "/healthz?verbose").json()
        let loops = health["loops"] as? [[String: Any]] ?? []
        let shown = loops.first { $0["name"] as? String == loop }
        #expect((shown?["last_error"] as? [String: Any])?["code"] as? String == "stalled")
        #expect(loops.count == 5)
    }
}
