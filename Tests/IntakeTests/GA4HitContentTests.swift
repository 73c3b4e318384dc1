import Intake
import RelayModel
import Testing

@Suite("What a GA4 hit says")
struct GA4HitContentTests {
    private let page = "v=2&tid=G-1&cid=1.2&_p=9&dl=https%3A%2F%2Fshop.example%2F"
    private let event = "en=purchase&cu=EUR&epn.value=5&ep.coupon=A&pr1=idX~qt1"

    private func content(_ query: String, _ body: String = "") throws -> [UInt8] {
        try decode(GA4WireAdapter(), .ga4Collect, query: query, body: body)[0].hitContent
    }

    @Test(
        "stays as it is under another consent, request counter, order or transport",
        arguments: [
            ("_s=2&gcs=G111&gcd=13r3r3r3r1&gcu=1&sst.gcut=1.3&_fv=1&tfd=99&_et=5", ""), ("", "_s=3"),
            ("ep.user_data.email=jane%40example.com&up.tier=gold", ""),
        ])
    func stays(query: String, line: String) throws {
        let first = try content("\(page)&\(event)&_s=1&gcs=G100&gcd=13p3p3p3p1")
        #expect(!first.isEmpty)
        #expect(try content("\(page)&\(event)&\(query)", line) == first)
        let turned = event.split(separator: "&").reversed().joined(separator: "&")
        #expect(try content("\(turned)&\(page)&\(query)", line) == first)
        #expect(try content(page, "\(event)&\(query)") == first)
    }

    @Test(
        "differs with every part",
        arguments: [
            "tid=G-2", "cid=1.3", "_p=8", "dl=https%3A%2F%2Fshop.example%2Fa", "en=refund", "cu=USD", "epn.value=6",
            "ep.coupon=B", "pr1=idX~qt2", "pr2=idY", "ep.x=",
        ])
    func differs(change: String) throws {
        #expect(try content("\(page)&\(event)&\(change)") != content("\(page)&\(event)"))
    }

    @Test("is unknown without client or page", arguments: ["v=2&tid=G-1&cid=1.2", "v=2&tid=G-1&_p=9"])
    func unknown(query: String) throws {
        #expect(try content("\(query)&\(event)").isEmpty)
    }

    @Test(
        "only gcu=1 says that a consent update came before",
        arguments: [("gcu=1", true), ("gcu=0", false), ("", false)])
    func consentUpdate(query: String, expected: Bool) throws {
        let item = try decode(GA4WireAdapter(), .ga4Collect, query: "\(page)&\(event)&\(query)")[0]
        #expect(item.followsConsentUpdate == expected)
    }
}
