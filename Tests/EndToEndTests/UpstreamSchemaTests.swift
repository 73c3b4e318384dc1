import Foundation
import RelayTestKit
import Testing

/// The judge behind `make test`: what the tests send upstream is held against the upstream's own schema by a validator
/// that other people have made.
@Suite(
    "The upstream's schema, by an independent validator",
    .enabled(if: UpstreamSchema.isThere, "the schema or openapi-schema-validator is missing: deploy/clients.sh"))
struct UpstreamSchemaTests {
    private let folder = TemporaryFolder()

    private func validate() throws -> (code: Int32?, output: String) {
        let process = try BinaryProcess([folder.path], executable: UpstreamSchema.script)
        return (process.exitCode(within: 60), process.output)
    }

    @Test("what reaches a sandbox is recorded and fits; a wrong event among it is found and named")
    func recorded() throws {
        let stack = try RelayStack(sandboxArguments: ["--record", folder.path])
        let order = """
            {"type":"track","event":"Order Completed","messageId":"m-1","context":{"traits":{"email":"jane@example.com"}}}
            """
        #expect(try TestHTTPClient.post(port: stack.publicPort, "/v1/track?writeKey=w", order).status == 200)
        _ = try stack.waitForEvents(1)
        let good = try validate()
        #expect(good.code == 0, "\(good.output)")
        #expect(good.output.contains("1 requests with 1 events checked: all fit"))

        try folder.write(
            "wrong.jsonl",
            """
            {"data":[{"event_name":"lead","action_source":"web","event_time":1763719200,"event_id":"e-1",
            """ + #""user_data":{"client_ip_address":"203.0.113.9"}}]}"#)
        let bad = try validate()
        #expect(bad.code == 1)
        #expect(bad.output.contains("wrong.jsonl:1: data.0.user_data"), "\(bad.output)")
        #expect(bad.output.contains("2 requests with 2 events checked: 1 do not fit"), "\(bad.output)")
    }

    @Test("a body that the sandbox refuses is recorded too")
    func refused() throws {
        let sandbox = try BinaryProcess(["sandbox", "--port", "0", "--record", folder.path])
        let port = try #require(sandbox.number(after: "listening on http://127.0.0.1:"))
        let answer = try TestHTTPClient.post(port: port, "/v5/ad_accounts/1/events", "{\"data\":\n[]}")
        #expect(answer.status == 401)
        let result = try validate()
        #expect(result.code == 1)
        #expect(result.output.contains("data: [] should be non-empty"), "\(result.output)")
    }

    @Test("a folder without requests is a fault: nothing would have been checked")
    func nothing() throws {
        let result = try validate()
        #expect(result.code == 1)
        #expect(result.output.contains("nothing was recorded"))
    }
}

enum UpstreamSchema {
    static let script = ClientFiles.root + "/deploy/ci/validate-upstream.sh"

    static var isThere: Bool {
        let files = FileManager.default
        return files.fileExists(atPath: ClientFiles.root + "/../shared/spec/pinterest-conversions-openapi.json")
            && files.isExecutableFile(atPath: ClientFiles.root + "/.build/clients/schema/bin/python")
    }
}
