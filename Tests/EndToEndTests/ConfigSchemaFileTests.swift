import Foundation
import RelayTestKit
import Testing

@Suite(
    "The configuration's schema, by an independent validator",
    .enabled(if: ConfigSchemaFile.isThere, "jsonschema or PyYAML is missing: deploy/clients.sh"))
struct ConfigSchemaFileTests {
    private let folder = TemporaryFolder()

    private func validate(_ files: [String] = []) throws -> (code: Int32?, output: String) {
        let process = try BinaryProcess(
            ["-B", ClientFiles.root + "/deploy/ci/validate_config.py"] + files, executable: ConfigSchemaFile.python)
        return (process.exitCode(within: 60), process.output)
    }

    @Test("all samples of config/ and deploy/ fit")
    func samples() throws {
        let (code, output) = try validate()
        #expect(code == 0, "\(output)")
        #expect(output.contains("4 configurations, 0 faults"), "\(output)")
    }

    @Test(
        "what the reader takes fits, what it refuses for its form does not: both say so of the same file",
        arguments: [
            ("listen: { prot: 80 }", false), ("listen: { port: 70000 }", false),
            ("listen: { port: \"${P:-1}\" }", true),
            ("listen:", true), ("log: { level: loud }", false), ("drain: { deadline: 1m30s }", true),
            ("drain: { deadline: soon }", false), ("drain: { deadline: 2.5 }", true),
            ("journal: { max_bytes: 20GiB }", true), ("journal: { max_bytes: 20 GB }", false),
            ("privacy: { filter_bots: maybe }", false), ("privacy: { ldp: { states: CA } }", true),
            ("privacy: { ldp: { states: [NE, OK] } }", true), ("admin: { token: a, token_file: b }", false),
            ("sources: [{ name: a }]", false), ("sources: [{ name: a, kind: ga4, default_region: NO }]", true),
            ("sources: [{ name: a, kind: ga4, write_keys: [k] }]", false),
            ("sources: [{ name: a, kind: segment, measurement_ids: [G-1] }]", false),
            ("mappings: [{ preset: segment-page, enabled: false }]", true),
            ("mappings: [{ name: a, trigger: 'type = \"page\"', fields: { event_id: x } }]", true),
            ("mappings: { name: a }", false),
        ])
    func agreesWithTheReader(yaml: String, isFit: Bool) throws {
        let file = try folder.write("sample.yaml", yaml + "\n")
        let (code, output) = try validate([file])
        #expect(code == (isFit ? 0 : 1), "\(output)")
        let account = ["PINTEREST_AD_ACCOUNT_ID": "1", "PINTEREST_CONVERSION_TOKEN": "t"]
        let check = try BinaryProcess(["check", "--level", "semantics", "--config", file], environment: account)
        #expect(check.exitCode() == (isFit ? 0 : 78), "\(check.output)")
    }
}

private enum ConfigSchemaFile {
    static let python = ClientFiles.root + "/.build/clients/schema/bin/python"

    static var isThere: Bool {
        let files = FileManager.default
        let libraries = ClientFiles.root + "/.build/clients/schema/lib"
        let versions = (try? files.contentsOfDirectory(atPath: libraries)) ?? []
        return versions.contains { version in
            ["yaml", "jsonschema"].allSatisfy {
                files.fileExists(atPath: "\(libraries)/\(version)/site-packages/\($0)")
            }
        }
    }
}
