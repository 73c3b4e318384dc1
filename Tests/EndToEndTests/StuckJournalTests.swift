import Foundation
import RelayTestKit
import Testing

@Suite("A journal that stands still", .enabled(if: DiskFaults.compiler != nil, "there is no C compiler"))
struct StuckJournalTests {
    @Test("a sync that does not return makes livez 503 after five seconds, on both ports, until it does")
    func stuckSync() throws {
        let folder = TemporaryFolder()
        let faults = try DiskFaults(in: folder)
        let stack = try RelayStack(environment: try faults.environment, folder: folder)
        faults.slowSyncs(milliseconds: 8000)
        let port = stack.publicPort
        let sender = Thread {
            _ = try? TestHTTPClient.post(
                port: port, "/v1/track",
                #"{"writeKey":"wk","event":"Order Completed","context":{"traits":{"email":"a@shop.example"}}}"#)
        }
        sender.start()
        var answer = ""
        let isFound = try eventually(within: 10) {
            answer = try TestHTTPClient.get(port: stack.adminPort, "/livez").text
            return answer.contains("loop journal is stuck")
        }
        #expect(isFound, "\(answer)")
        #expect(try TestHTTPClient.get(port: stack.publicPort, "/livez").status == 503)
        #expect(try TestHTTPClient.get(port: stack.publicPort, "/readyz").status == 503)
        faults.slowSyncs(milliseconds: 0)
        let isBack = try eventually(within: 15) {
            try TestHTTPClient.get(port: stack.publicPort, "/livez").status == 200
        }
        #expect(isBack)
    }
}
