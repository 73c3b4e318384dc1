import RelayTestKit
import Settings
import Testing

@testable import RelayApp

@Suite("ForwardedChain")
struct ForwardedChainTests {
    private static let proxies = ["10.0.0.0/8", "fd00::/8", "203.0.113.128/25"]

    /// The client as text; `unknown` and `peer` stand for themselves.
    private func client(
        peer: String = "10.0.0.1", _ forwardedFor: [String] = [], forwarded: [String] = [],
        header: ListenSettings.ForwardedHeader = .auto, trusted: [String] = proxies
    ) -> String {
        let chain = ForwardedChain(trusted: trusted.compactMap { CIDRBlock($0) }, header: header)
        var lines = ForwardedChain.Lines()
        for line in forwardedFor { lines.add(name: Array("X-Forwarded-For".utf8).span, value: Array(line.utf8).span) }
        for line in forwarded { lines.add(name: Array("FORWARDED".utf8).span, value: Array(line.utf8).span) }
        switch chain.client(peer: peer.utf8, lines) {
        case .peer: return "peer"
        case .unknown: return "unknown"
        case .hop(let address): return String(decoding: address, as: UTF8.self)
        }
    }

    @Test("nobody is trusted by default, and the header of an untrusted peer never counts")
    func untrustedPeer() {
        #expect(client(["198.51.100.7"], trusted: []) == "peer")
        for peer in ["192.0.2.1", "11.0.0.1", "2001:db8::1", "", "unix", "10.0.0.1:80"] {
            #expect(client(peer: peer, ["198.51.100.7"], forwarded: ["for=198.51.100.7"]) == "peer", "\(peer)")
        }
    }

    @Test(
        "the client is the right-most hop that is no trusted proxy",
        arguments: [
            (["198.51.100.7"], "198.51.100.7"),
            (["198.51.100.7, 10.1.1.1"], "198.51.100.7"),
            // What the client sent itself stands on the left and is not believed.
            (["8.8.8.8, 198.51.100.7"], "198.51.100.7"),
            (["8.8.8.8, 10.9.9.9, 198.51.100.7, 203.0.113.200, 10.1.1.1"], "198.51.100.7"),
            (["garbage, 127.0.0.1, 198.51.100.7"], "198.51.100.7"),
            // Several lines are one list.
            (["8.8.8.8", "198.51.100.7"], "198.51.100.7"),
            (["8.8.8.8, 198.51.100.7", "10.1.1.1, 10.1.1.2"], "198.51.100.7"),
            // Nobody but proxies: the farthest one made the call.
            (["10.1.1.1"], "10.1.1.1"), (["10.3.3.3, 10.2.2.2", "10.1.1.1"], "10.3.3.3"),
            ([], "peer"), ([""], "peer"), ([" , ,"], "peer"), ([",198.51.100.7,, "], "198.51.100.7"),
            // Ports and brackets.
            (["198.51.100.7:4711"], "198.51.100.7"), (["[2001:db8::7]:443, 10.1.1.1:80"], "2001:db8::7"),
            (["[2001:db8::7]"], "2001:db8::7"), (["2001:db8::7"], "2001:db8::7"),
            (["2001:db8::7, fd00::1, [fd00::2]:9"], "2001:db8::7"), (["::ffff:198.51.100.7"], "::ffff:198.51.100.7"),
            (["8.8.8.8, ::ffff:10.0.0.9"], "8.8.8.8"),
        ])
    func forwardedFor(_ lines: [String], _ expected: String) {
        #expect(client(lines) == expected)
    }

    @Test(
        "a hop that cannot be read hides the client, and nothing behind it is believed",
        arguments: [
            "198.51.100.7, unknown", "198.51.100.7, _hidden", "198.51.100.7, 1.2.3", "198.51.100.7, 10.1.1.1:x",
            "198.51.100.7, [2001:db8::1", "198.51.100.7, [2001:db8::1]x", "198.51.100.7, 1.2.3.4:123456",
            "198.51.100.7, fe80::1%eth0", "198.51.100.7 10.1.1.1", "198.51.100.7, \"10.1.1.1\"", "[]", "[10.1.1.1",
            "198.51.100.7, 10.1.1.1:", "198.51.100.7, for=10.1.1.1",
        ])
    func unreadable(_ line: String) {
        #expect(client([line]) == "unknown")
        #expect(client(["198.51.100.7", line]) == "unknown")
    }

    @Test(
        "Forwarded is read by its grammar",
        arguments: [
            (["for=198.51.100.7"], "198.51.100.7"), (["For=198.51.100.7;proto=https;by=10.0.0.1"], "198.51.100.7"),
            (["by=10.0.0.1;FOR=\"198.51.100.7:4711\""], "198.51.100.7"),
            (["for=\"[2001:db8:cafe::17]:4711\""], "2001:db8:cafe::17"), (["for=[2001:db8::7]:80"], "2001:db8::7"),
            (["for=\"[2001:db8::7]:_port\""], "2001:db8::7"), (["for=\"198.\\51.100.7\""], "198.51.100.7"),
            (["for=8.8.8.8, for=198.51.100.7;proto=http , for=10.1.1.1"], "198.51.100.7"),
            (["for=8.8.8.8", "for=198.51.100.7", "for=10.1.1.1,"], "198.51.100.7"),
            ([", ,for=198.51.100.7;;"], "198.51.100.7"),
            (["for=8.8.8.8;x=\"a, for=9.9.9.9;b\", for=198.51.100.7"], "198.51.100.7"),
            (["for=10.2.2.2, for=10.1.1.1"], "10.2.2.2"), ([""], "peer"), ([";"], "peer"),
        ])
    func forwarded(_ lines: [String], _ expected: String) {
        #expect(client(forwarded: lines) == expected)
    }

    @Test(
        "a Forwarded hop without an address, or a line that breaks the grammar, hides the client",
        arguments: [
            "for=198.51.100.7, for=unknown", "for=198.51.100.7, for=_gazonk", "for=198.51.100.7, for=\"_a:_b\"",
            "for=198.51.100.7, proto=https", "for=198.51.100.7;for=9.9.9.9", "for", "for=", "=198.51.100.7",
            "for =198.51.100.7", "for= 198.51.100.7", "for=198.51.100.7 for=9.9.9.9", "198.51.100.7",
            "for=\"198.51.100.7", "for=\"198.51.100.7\\", "for=\"\"", "for=198.51.100.7=x",
            // A client leaves a quote open for the proxy's own element to close.
            "for=9.9.9.9;x=\", for=\"[2001:db8::1]\"", "for=9.9.9.9, for=\", for=198.51.100.7",
        ])
    func hiddenForwarded(_ line: String) {
        #expect(client(forwarded: [line]) == "unknown")
    }

    @Test("a line of its own is not spoilt by what the client sent before it")
    func separateLines() {
        #expect(client(forwarded: ["for=\"9.9.9.9, for=", "for=198.51.100.7"]) == "198.51.100.7")
    }

    @Test("where both headers are there they count only if they agree, unless one is chosen")
    func bothHeaders() {
        #expect(client(["198.51.100.7"], forwarded: ["for=9.9.9.9"]) == "unknown")
        #expect(client(["198.51.100.7"], forwarded: ["for=unknown"]) == "unknown")
        #expect(client(["198.51.100.7"], forwarded: ["for=\"[::ffff:198.51.100.7]:1\""]) == "198.51.100.7")
        #expect(client(["198.51.100.7"], forwarded: [""]) == "198.51.100.7")
        #expect(client([","], forwarded: ["for=198.51.100.7"]) == "198.51.100.7")
        #expect(client(["198.51.100.7"], forwarded: ["for=9.9.9.9"], header: .xForwardedFor) == "198.51.100.7")
        #expect(client(["198.51.100.7"], forwarded: ["for=9.9.9.9"], header: .forwarded) == "9.9.9.9")
        #expect(client([], forwarded: ["for=9.9.9.9"], header: .xForwardedFor) == "peer")
        #expect(client(["198.51.100.7"], header: .forwarded) == "peer")
    }

    @Test("headers of like names are others")
    func otherNames() {
        let chain = ForwardedChain(trusted: [CIDRBlock("10.0.0.0/8")].compactMap(\.self))
        var lines = ForwardedChain.Lines()
        for name in ["X-Forwarded-Fo", "X-Forwarded-For2", "Forwarded-For", "X-Forwarded", "Forward", ""] {
            lines.add(name: Array(name.utf8).span, value: Array("for=9.9.9.9".utf8).span)
        }
        #expect(chain.client(peer: "10.0.0.1".utf8, lines) == .peer)
    }

    private struct Trial {
        var random: SeededRandom
        mutating func address(trusted: Bool) -> String {
            let last = Int.random(in: 0...255, using: &random)
            if trusted { return Bool.random(using: &random) ? "10.1.2.\(last)" : "fd00::\(String(last, radix: 16))" }
            return Bool.random(using: &random) ? "198.51.100.\(last)" : "2001:db8::\(String(last, radix: 16))"
        }
        mutating func junk() -> String {
            ["unknown", "_x", "1.2.3", "\"", "for=", ";", "8.8.8.8:99999x", "[", "é"].randomElement(using: &random)
                ?? ""
        }
    }

    @Test("random chains: the right-most untrusted hop, whatever stands left of it; nothing from an untrusted peer")
    func randomChains() {
        var trial = Trial(random: SeededRandom(seed: 7))
        for _ in 0..<5_000 {
            let expected = trial.address(trusted: false)
            let left = (0..<Int.random(in: 0...4, using: &trial.random)).map { _ in
                Bool.random(using: &trial.random)
                    ? trial.address(trusted: Bool.random(using: &trial.random)) : trial.junk()
            }
            let right = (0..<Int.random(in: 0...4, using: &trial.random)).map { _ in trial.address(trusted: true) }
            let cut = Int.random(in: 0...right.count, using: &trial.random)
            let near = [expected] + right.prefix(cut)
            let lines = [left, near, Array(right.dropFirst(cut))].filter { !$0.isEmpty }
            #expect(client(lines.map { $0.joined(separator: ", ") }) == expected)
            #expect(
                client([(left + near).joined(separator: ","), right.dropFirst(cut).joined(separator: " ,")]) == expected
            )
            let elements = lines.map {
                $0.map { "for=\"\($0.contains(":") ? "[\($0)]" : $0)\"" }.joined(separator: ", ")
            }
            #expect(client(forwarded: elements) == expected)
            let outsider = trial.address(trusted: false)
            #expect(client(peer: outsider, lines.map { $0.joined(separator: ",") }, forwarded: elements) == "peer")
        }
    }

    @Test("random bytes never do more than hide the client")
    func randomBytes() {
        var random = SeededRandom(seed: 8)
        let parts = [
            "for", "=", "\"", "\\", ";", ",", " ", "[", "]", ":", "10.0.0.2", "9.9.9.9", "::1", "_", "unknown", "\u{0}",
            "é",
        ]
        for _ in 0..<5_000 {
            let line = (0..<Int.random(in: 0...12, using: &random)).map { _ in
                parts.randomElement(using: &random) ?? ""
            }.joined()
            _ = client([line], forwarded: [line])
            #expect(client(peer: "9.9.9.9", [line], forwarded: [line]) == "peer")
        }
    }
}
