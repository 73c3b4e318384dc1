import Foundation
import RelayTestKit

/// Debian's Chromium without a window.
enum Chromium {
    private static let path = "/usr/bin/chromium"

    static var isInstalled: Bool {
        [path, PageServer.python].allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }
    }

    struct Report {
        /// By way of sending: the status and body that the page could read, or what it saw instead.
        var outcomes: [String: String]
        /// `document.cookie` at the end.
        var cookies: String
        /// What the browser's console says of answers that it kept from the page.
        var corsErrors: [String]
    }

    struct NotReported: Error, CustomStringConvertible {
        var description: String
    }

    private struct PageReport: Decodable {
        var outcomes: [String: String]
        var cookies: String
    }

    /// Opens a page and waits until it has sent everything.
    /// - Parameters:
    ///   - profile: where the browser keeps its cookies; the same folder is the same visitor.
    ///   - arguments: more of the command line.
    static func open(_ page: String, profile: TemporaryFolder, arguments: [String] = []) throws -> Report {
        let browser = try BinaryProcess(
            [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                "--user-data-dir=\(profile.path)", "--enable-logging=stderr", "--dump-dom",
            ] + arguments + [page], environment: ["HOME": profile.path], executable: path)
        let code = browser.exitCode(within: 60)
        let output = browser.output
        guard let mark = output.range(of: #"<pre id="report">"#),
            let bytes = Data(base64Encoded: String(output[mark.upperBound...].prefix { $0 != "<" })),
            let report = try? JSONDecoder().decode(PageReport.self, from: bytes)
        else { throw NotReported(description: "chromium ended with \(code ?? -1): \(output.suffix(4_000))") }
        let corsErrors = output.split(separator: "\n").filter { $0.contains(":CONSOLE:") && $0.contains("CORS") }
        return Report(outcomes: report.outcomes, cookies: report.cookies, corsErrors: corsErrors.map(String.init))
    }
}

/// Serves the pages in `Clients`; it ends with the last reference to it.
struct PageServer {
    static let python = ClientFiles.root + "/.build/clients/python"

    let port: Int
    private let process: BinaryProcess

    init() throws {
        process = try BinaryProcess(["-B", ClientFiles.path("page_server.py")], executable: Self.python)
        guard let port = process.number(after: "listening on http://127.0.0.1:") else {
            throw Chromium.NotReported(description: "page server: \(process.output)")
        }
        self.port = port
    }
}
