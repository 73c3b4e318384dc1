import Settings
import Testing

@testable import RelayApp

@Suite("AccountDirectory")
struct AccountDirectoryTests {
    private let accounts: AccountDirectory

    init() throws {
        accounts = AccountDirectory(
            try relaySettings(
                """
                destinations:
                  - { name: shop, ad_account_id: "1001", token: "token-of-the-shop" }
                  - { name: outlet, ad_account_id: "1002", token: "token-of-the-outlet" }
                sources:
                  - { name: web, kind: ga4 }
                  - { name: backend, kind: segment, write_keys: [wk_a, wk_b], destinations: [outlet] }
                  - { name: open, kind: segment }
                """))
    }

    private func grant(_ account: String, _ bearer: String) throws(CallFault) -> AccountDirectory.Grant {
        try accounts.grant(account: Array(account.utf8)[...], bearer: Array(bearer.utf8)[...])
    }

    @Test("an account's own token grants that account, under the rules of no configured source")
    func ownToken() throws {
        #expect(try grant("1001", "token-of-the-shop") == AccountDirectory.Grant(source: 3, destination: 0))
        #expect(try grant("1002", "token-of-the-outlet") == AccountDirectory.Grant(source: 3, destination: 1))
    }

    @Test("a write key grants the accounts of its source, under its rules", arguments: ["wk_a", "wk_b"])
    func writeKey(_ key: String) throws {
        #expect(try grant("1002", key) == AccountDirectory.Grant(source: 1, destination: 1))
        #expect(throws: CallFault.unauthenticated) { try grant("1001", key) }
    }

    @Test(
        "nobody's Bearer, another account's, and none are refused; a source that is open to any key opens nothing here",
        arguments: [
            ("1001", ""), ("1001", "token-of-the-outlet"), ("1001", "any"), ("1001", "token-of-the-sho"),
            ("1001", "TOKEN-OF-THE-SHOP"), ("9999", "any"), ("9999", ""),
        ])
    func refused(_ account: String, _ bearer: String) {
        #expect(throws: CallFault.unauthenticated) { try grant(account, bearer) }
    }

    @Test("an unknown account is told only to who is somebody", arguments: ["", "100", "10011", "shop", "9999"])
    func unknownAccount(_ account: String) {
        #expect(throws: CallFault.unknownAccount) { try grant(account, "token-of-the-shop") }
        #expect(throws: CallFault.unknownAccount) { try grant(account, "wk_a") }
    }
}
