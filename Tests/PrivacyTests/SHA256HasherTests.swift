import Digests
import RelayModel
import Testing

@Suite("SHA-256 hasher")
struct SHA256HasherTests {
    @Test(
        "published test vectors come out",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
            (
                String(repeating: "a", count: 1_000_000),
                "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
            ),
        ])
    func vectors(text: String, hex: String) throws {
        #expect(try SHA256Hasher().sha256(Array(text.utf8).span).hex == hex)
    }

    @Test("one hasher gives the same digest again and again, whatever came between")
    func reuse() throws {
        let hasher = try SHA256Hasher()
        let text = Array("jane@example.com".utf8)
        let first = hasher.sha256(text.span)
        for length in 0...200 { _ = hasher.sha256([UInt8](repeating: 0x61, count: length).span) }
        #expect(hasher.sha256(text.span) == first)
        #expect(first.hex == "8c87b489ce35cf2e2f39f80e282cb2e804932a56a213983eeeb428407d43b52d")
    }

    @Test("an error names its step and OpenSSL's number and is not worth a retry")
    func errors() {
        let error = DigestError(operation: .fetchDigest, code: 0x0308_010C)
        #expect(error.operation.rawValue == "fetch_digest")
        #expect(error.code == 0x0308_010C)
        #expect(!error.isRetriable)
    }
}
