import Glibc
import HTTPIngress
import Reactor
import Testing

@Suite("Listening")
struct ListenerTests {
    @Test("two servers share a port, and both get connections")
    func sharedPort() throws {
        let first = try TestServer()
        let second = try TestServer(port: first.port)
        #expect(first.port == second.port)
        let clients = (0..<64).map { _ in RawClient(port: first.port) }
        for client in clients {
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(client.readReply()?.status == 200)
        }
        #expect(first.counters.connectionsAccepted > 0)
        #expect(second.counters.connectionsAccepted > 0)
    }

    @Test("a port that is taken without sharing is an error with the system's number")
    func takenPort() throws {
        let first = try TestServer()
        let loop = try EventLoop(name: "other")
        let server = try IngressServer(loop: loop, limits: .forTests, handler: ScriptedHandler { _, _, _ in })
        #expect(throws: IngressError.self) {
            try server.listen(address: "127.0.0.1", port: first.port, sharesPort: false)
        }
    }

    @Test("an address that is not numeric is an error", arguments: ["localhost", "", "1.2.3", "300.1.1.1", "::g"])
    func badAddress(_ address: String) throws {
        let loop = try EventLoop(name: "other")
        let server = try IngressServer(loop: loop, limits: .forTests, handler: ScriptedHandler { _, _, _ in })
        #expect(throws: IngressError.self) { try server.listen(address: address, port: 0) }
    }

    @Test("out of descriptors, accepting pauses instead of spinning, and goes on when there are some again")
    func outOfDescriptors() async {
        await #expect(processExitsWith: .exitCode(7)) {
            let server = try TestServer()
            let first = RawClient(port: server.port)
            first.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            guard first.readReply()?.status == 200 else { exit(1) }
            // One more descriptor for the client's end, none for the server's.
            var limit = rlimit()
            getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            let before = limit
            let probe = open("/dev/null", O_RDONLY)
            close(probe)
            limit.rlim_cur = rlim_t(probe + 1)
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            let second = RawClient(port: server.port)
            second.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            eventually { IngressCounters.acceptPauses > 0 }
            _ = eventuallyWithin(milliseconds: 200) { false }
            let pauses = IngressCounters.acceptPauses
            limit = before
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            guard pauses > 0, pauses < 30, second.readReply()?.status == 200 else { exit(2) }
            exit(7)
        }
    }
}
