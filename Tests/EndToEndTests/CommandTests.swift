import Foundation
import Glibc
import RelayTestKit
import Testing

@Suite("The commands")
struct CommandTests {
    private func run(
        _ arguments: [String], environment: [String: String] = [:]
    ) throws -> (code: Int32?, output: String) {
        let process = try BinaryProcess(arguments, environment: environment)
        return (process.exitCode(within: 40), process.output)
    }

    @Test("check names every fault with its path and ends with 78")
    func checkFaulty() throws {
        let folder = TemporaryFolder()
        let file = try folder.write(
            "bad.yaml", "listen: { prot: 80 }\ndestinations: [{ name: x, ad_account_id: abc }]\n")
        let (code, output) = try run(["check", "--config", file])
        #expect(code == 78)
        #expect(output.contains("listen.prot (line 1): unknown key (did you mean port?)"))
        #expect(output.contains("destinations[0].ad_account_id (line 2)"))
    }

    @Test("check takes the contract's environment alone, and never prints the token")
    func checkEnvironment() throws {
        let account = ["PINTEREST_AD_ACCOUNT_ID": "1", "PINTEREST_CONVERSION_TOKEN": "very-secret"]
        let (code, output) = try run(["check", "--effective"], environment: account)
        #expect(code == 0)
        #expect(!output.contains("very-secret"))
    }

    @Test("run without an account says the next step and ends with 78")
    func runWithoutAccount() throws {
        let (code, output) = try run(["run"])
        #expect(code == 78)
        #expect(output.contains("PINTEREST_AD_ACCOUNT_ID") && output.contains("pinrelay demo"))
    }

    @Test("run on a port that is taken ends with 1 and a sentence")
    func portTaken() throws {
        let stack = try RelayStack()
        let other = TemporaryFolder()
        let (code, output) = try run(
            ["run"],
            environment: [
                "PINTEREST_AD_ACCOUNT_ID": "1", "PINTEREST_CONVERSION_TOKEN": "t",
                "PINRELAY_LISTEN": "127.0.0.1:\(stack.publicPort)", "PINRELAY_ADMIN": "127.0.0.1:0",
                "PINRELAY_JOURNAL_PATH": other.path, "PINRELAY_ALLOW_VOLATILE_JOURNAL": "1", "PINRELAY_THREADS": "2",
            ])
        #expect(code == 1)
        #expect(output.contains("cannot listen on 127.0.0.1:\(stack.publicPort)"))
    }

    @Test("probe tells a ready relay from one that is not there")
    func probe() throws {
        let stack = try RelayStack()
        let account = ["PINTEREST_AD_ACCOUNT_ID": "1", "PINTEREST_CONVERSION_TOKEN": "t"]
        #expect(try run(["probe", "--port", "\(stack.publicPort)"], environment: account).code == 0)
        stack.relay.kill(SIGKILL)
        _ = stack.relay.exitCode()
        #expect(try run(["probe", "--port", "\(stack.publicPort)"], environment: account).code == 1)
    }

    @Test("demo needs no account, shows what arrived, and ends by itself when asked to")
    func demo() throws {
        let (code, output) = try run(["demo", "--once"])
        #expect(code == 0, "\(output)")
        #expect(output.contains("7 of 7 expected events arrived"))
        for address in ["/livez", "/readyz", "/healthz?verbose", "/metrics", "/d/pinrelay"] {
            #expect(output.contains(address), "\(address)")
        }
        #expect(output.contains("checkout"))
        #expect(!output.lowercased().contains("jane.doe"))
    }

    @Test("a reader who leaves before the end does no harm")
    func brokenPipe() throws {
        let script = "\(BinaryProcess.binaryPath) demo --once 2>&1 | head -1; exit ${PIPESTATUS[0]}"
        let shell = try BinaryProcess(["-c", script], executable: "/bin/bash")
        #expect(shell.exitCode(within: 40) == 0)
        #expect(!shell.output.contains("crashed"))
    }

    @Test("version prints the version")
    func version() throws {
        let (code, output) = try run(["version"])
        #expect(code == 0)
        #expect(output.hasPrefix("pinrelay "))
    }
}
