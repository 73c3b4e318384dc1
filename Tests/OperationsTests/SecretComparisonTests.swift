import Foundation
import Testing

/// Secrets are compared by `SecretValue.matches` alone, which takes as long for a near miss as for a far one. What opens a
/// secret could compare it otherwise: so the places that do are listed here.
@Suite("Comparisons of secrets")
struct SecretComparisonTests {
    private static let openers: Set<String> = [
        "RelayModel/SecretValue.swift",
        // The header of a request to the upstream.
        "RelayApp/SettingsTranslation.swift",
        // The header of a command's request to the admin port.
        "RelayApp/DeadLetterAccess.swift",
        // The header of the empty call by which `check --upstream` tries a token.
        "RelayApp/Check/UpstreamCheck.swift",
    ]

    @Test("no code opens a secret but to send it")
    func openers() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources")
        var found: Set<String> = []
        let files = FileManager.default.enumerator(atPath: root.path)
        while let name = files?.nextObject() as? String {
            guard name.hasSuffix(".swift") else { continue }
            let text = try String(contentsOf: root.appending(path: name), encoding: .utf8)
            if text.contains(".revealed") || text.contains("var revealed") { found.insert(name) }
        }
        #expect(found == Self.openers)
    }
}
