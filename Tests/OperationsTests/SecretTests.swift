import RelayModel
import Settings
import Testing

@Suite("SecretValue")
struct SecretTests {
    private static let secrets = ["ACCOUNTTOKEN", "ADMINTOKEN", "WRITEKEY", "APISECRET", "FILEKEY"]

    private func read() throws -> RelaySettings {
        let yaml = """
            admin: { token: ADMINTOKEN }
            destinations: [{ name: a, ad_account_id: 1, token: "${TOKEN}" }]
            sources:
              - { name: web, kind: ga4, api_secrets: [APISECRET] }
              - { name: back, kind: segment, write_keys: [WRITEKEY] }
              - { name: more, kind: segment, write_keys_file: /keys }
            """
        return try settings(yaml, ["TOKEN": "ACCOUNTTOKEN"], files: ["/keys": "FILEKEY1\n\n  FILEKEY2 \r\n"])
    }

    @Test("no way of printing the settings shows a secret")
    func neverPrinted() throws {
        let read = try read()
        var dumped = ""
        dump(read, to: &dumped)
        let texts = ["\(read)", String(reflecting: read), dumped, read.effective.yaml, read.effective.json]
        for text in texts {
            for secret in Self.secrets { #expect(!text.contains(secret)) }
        }
        #expect(read.effective.yaml.contains("token: \"<secret>\""))
    }

    @Test("no error shows a secret")
    func neverInErrors() {
        let yaml = """
            admin: { token: [ADMINTOKEN] }
            destinations: [{ name: a, ad_account_id: 1, token: "ACCOUNTTOKEN with spaces" }]
            sources:
              - { name: back, kind: segment, write_keys: [WRITEKEY] }
              - { name: more, kind: segment, write_keys: [WRITEKEY] }
            """
        let text = faults(yaml, [:]).map(\.description).joined(separator: "\n")
        #expect(text.contains("admin.token") && text.contains("destinations[0].token"))
        #expect(text.contains("a write key stands there twice"))
        for secret in Self.secrets { #expect(!text.contains(secret)) }
    }

    @Test("a YAML fault does not quote the text around it")
    func neverInYAMLErrors() {
        let text = faults("admin: { token: ADMINTOKEN\nx: [", [:]).map(\.description).joined()
        #expect(text.contains("is no valid YAML"))
        #expect(!text.contains("ADMINTOKEN"))
        let twice = faults("token: ADMINTOKEN\ntoken: ADMINTOKEN", [:]).map(\.description).joined()
        #expect(!twice.contains("ADMINTOKEN"))
    }

    @Test("a file of keys holds one a line")
    func keysFile() throws {
        #expect(try read().sources[2].writeKeys.map(\.revealed) == ["FILEKEY1", "FILEKEY2"])
    }

    @Test("a secret file with several lines, or none, is refused", arguments: ["a\nb", "", "\n", "two words"])
    func badFile(content: String) {
        let yaml = "admin: { token_file: /t }"
        #expect(faults(yaml, files: ["/t": content]).map(\.path) == ["admin.token_file"])
    }

    @Test("a secret matches itself alone")
    func matching() {
        let secret = SecretValue("sesame")
        #expect(secret.matches("sesame".utf8))
        #expect(!secret.matches("sesamE".utf8))
        #expect(!secret.matches("sesam".utf8))
        #expect(!secret.matches("".utf8))
        #expect(secret == SecretValue("sesame") && secret != SecretValue("x"))
    }
}
