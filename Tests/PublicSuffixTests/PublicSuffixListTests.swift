import PublicSuffix
import RelayTestKit
import Testing

@Suite("PublicSuffixList")
struct PublicSuffixListTests {
    private func registrable(_ host: String) throws -> String? {
        try PublicSuffixList().registrableDomain(of: host.utf8).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(
        "is the public suffix with one label before it",
        arguments: [
            ("shop.example", "shop.example"), ("tags.shop.example", "shop.example"),
            ("a.b.c.shop.co.uk", "shop.co.uk"), ("shop.co.uk", "shop.co.uk"), ("SHOP.Co.Uk", "shop.co.uk"),
            ("me.github.io", "me.github.io"), ("tags.me.github.io", "me.github.io"),
            ("www.ck", "www.ck"), ("a.b.foo.ck", "b.foo.ck"), ("x.shop.internal", "shop.internal"),
            ("www.xn--85x722f.com.cn", "xn--85x722f.com.cn"), ("3com.com", "3com.com"), ("_dns.shop.de", "shop.de"),
        ])
    func domains(_ host: String, _ expected: String) throws {
        #expect(try registrable(host) == expected)
    }

    @Test(
        "no public suffix, address, single label or malformed name has one",
        arguments: [
            "co.uk", "com", "github.io", "foo.ck", "localhost", "tags", "127.0.0.1", "192.0.2.1", "1.2.3", "0x7f.1",
            "shop.0x1", "[::1]", "::1", "2001:db8::1", "", ".", "shop.example.", ".shop.example", "a..example",
            "shop.example:8080", "user@shop.example", "shop example.com", "sh\u{F6}p.example", "a\u{0}.example",
        ])
    func none(_ host: String) throws {
        #expect(try registrable(host) == nil)
    }

    @Test("labels over 63 and names over 253 bytes are none")
    func lengths() throws {
        let label = String(repeating: "a", count: 63)
        #expect(try registrable("\(label).example") == "\(label).example")
        #expect(try registrable("\(label)a.example") == nil)
        let long = Array(repeating: label, count: 3).joined(separator: ".")
        #expect(try registrable("\(long).\(label.prefix(57)).com") == "\(label.prefix(57)).com")
        #expect(try registrable("\(long).\(label.prefix(58)).com") == nil)
    }

    @Test("random bytes give a tail of what was asked, or nothing")
    func randomHosts() throws {
        let list = try PublicSuffixList()
        var random = SeededRandom(seed: 4)
        let parts = [
            "a", "shop", ".", "..", "co", "uk", "io", "github", "*", "!", "-", "xn--", "1", "\u{0}", "ß", "CK",
        ]
        for _ in 0..<20_000 {
            let host = (0..<Int.random(in: 0...8, using: &random)).map { _ in
                parts.randomElement(using: &random) ?? ""
            }.joined()
            guard let found = list.registrableDomain(of: host.utf8) else { continue }
            #expect(host.lowercased().hasSuffix(String(decoding: found, as: UTF8.self)))
            #expect(found.contains(UInt8(ascii: ".")))
        }
    }
}
