import Settings
import Testing

@Suite("CIDRBlock")
struct CIDRBlockTests {
    @Test(
        "contains what lies in it",
        arguments: [
            ("10.0.0.0/8", "10.255.255.255", true), ("10.0.0.0/8", "11.0.0.0", false),
            ("192.168.1.0/24", "192.168.1.77", true), ("192.168.1.0/24", "192.168.2.1", false),
            ("192.0.2.1", "192.0.2.1", true), ("192.0.2.1", "192.0.2.2", false),
            ("0.0.0.0/0", "203.0.113.9", true), ("0.0.0.0/0", "2001:db8::1", false),
            ("10.0.0.0/8", "::ffff:10.1.2.3", true), ("::ffff:10.0.0.0/104", "10.1.2.3", true),
            ("fd00::/8", "fdff::1", true), ("fd00::/8", "fe00::1", false),
            ("2001:db8::/33", "2001:db8:7fff::1", true), ("2001:db8::/33", "2001:db8:8000::1", false),
            ("2001:db8::/64", "2001:db8::ffff:1", true), ("2001:db8:0:0:8000::/65", "2001:db8::8000:0:0:1", true),
            ("2001:db8:0:0:8000::/65", "2001:db8::1", false),
            ("::1", "0:0:0:0:0:0:0:1", true), ("::/0", "10.0.0.1", true), ("::/0", "not an address", false),
        ])
    func containment(block: String, address: String, expected: Bool) throws {
        #expect(try #require(CIDRBlock(block)).contains(address.utf8) == expected)
    }

    @Test(
        "what is no range is refused",
        arguments: [
            "", "/", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.1/8", "10.0.0/8", "256.0.0.1", "010.0.0.1",
            "1.2.3.4.5",
            "::/129", "fd00::1/8", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", ":::", "12345::", "g::",
            "1.2.3.4::",
            "::1%eth0", "[::1]", "localhost", "10.0.0.0/8/8", "1:2:3:4:5:6:7::8:9",
        ])
    func refused(text: String) {
        #expect(CIDRBlock(text) == nil)
    }

    @Test(
        "loopback is known in every spelling",
        arguments: [
            ("127.0.0.1", true), ("127.9.9.9", true), ("::1", true), ("::ffff:127.0.0.1", true), ("0.0.0.0", false),
            ("::", false), ("128.0.0.1", false),
        ])
    func loopback(text: String, expected: Bool) throws {
        #expect(try #require(NetworkAddress(text)).isLoopback == expected)
    }
}
