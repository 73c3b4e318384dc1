import Foundation

/// A certificate and its key, made by the `openssl` program, in a folder that goes with it.
final class TestIdentity {
    let folder: String
    var certificatePath: String { folder + "/certificate.pem" }
    var keyPath: String { folder + "/key.pem" }

    static let isAvailable = ["openssl", "curl"].allSatisfy { Program.run("which", [$0]).status == 0 }

    init(name: String = "first.example") throws {
        folder = NSTemporaryDirectory() + "/pinrelay-tls-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        make(name: name)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Replaces both files.
    func make(name: String) {
        _ = Program.run(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=\(name)", "-addext", "subjectAltName=DNS:\(name)", "-keyout", keyPath, "-out",
                certificatePath,
            ])
    }
}

/// A program of this machine, run to its end.
enum Program {
    struct Result {
        var status: Int32
        var output: String
    }

    static func run(_ name: String, _ arguments: [String], input: String = "") -> Result {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["timeout", "10", name] + arguments
        let (inward, outward) = (Pipe(), Pipe())
        process.standardInput = inward
        process.standardOutput = outward
        process.standardError = outward
        guard (try? process.run()) != nil else { return Result(status: -1, output: "") }
        try? inward.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try? inward.fileHandleForWriting.close()
        let output = outward.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Result(status: process.terminationStatus, output: String(decoding: output, as: UTF8.self))
    }
}
