import Foundation
import Glibc
import Synchronization

/// The built `pinrelay` binary, or another program, run as a process with its output kept in a file. It ends with the
/// last reference to it, and with the test run.
public final class BinaryProcess: Sendable {
    private let process: Mutex<Process>
    private let log: String
    private let folder: TemporaryFolder

    /// A plain PATH, what the run's sanitizer was told (`deploy/sanitize/run.sh`), and ``UpstreamRecord``'s folder.
    private static let surroundings = ProcessInfo.processInfo.environment
        .filter { ["ASAN_OPTIONS", "TSAN_OPTIONS", UpstreamRecord.variable].contains($0.key) }
        .merging(["PATH": "/usr/bin:/bin"]) { $1 }

    /// Starts `pinrelay`, or the program at `executable`, with these arguments and, beside the surroundings, exactly
    /// this environment.
    public init(
        _ arguments: [String], environment: [String: String] = [:], executable: String = BinaryProcess.binaryPath
    ) throws {
        folder = TemporaryFolder()
        log = folder.path + "/output"
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        let started = Process()
        started.executableURL = URL(fileURLWithPath: executable)
        started.arguments = arguments
        started.environment = environment.merging(Self.surroundings) { own, _ in own }
        let output = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
        started.standardOutput = output
        started.standardError = output
        started.standardInput = FileHandle.nullDevice
        try started.run()
        ProcessGuard.shared.watch(started)
        process = Mutex(started)
    }

    deinit { kill(SIGKILL) }

    /// The binary that the build put beside the test bundle.
    public static var binaryPath: String {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: own).deletingLastPathComponent().path + "/pinrelay"
    }

    /// What the process has printed so far, standard output and standard error together.
    public var output: String { (try? String(contentsOfFile: log, encoding: .utf8)) ?? "" }

    public var identifier: Int32 { process.withLock { $0.processIdentifier } }
    public var isRunning: Bool { process.withLock { $0.isRunning } }

    public func kill(_ signal: Int32) {
        process.withLock { if $0.isRunning { Glibc.kill($0.processIdentifier, signal) } }
    }

    /// Waits for the end.
    /// - Returns: the exit code; nil when the process still runs after `seconds`. A signal's end is its negative number.
    public func exitCode(within seconds: Double = 20) -> Int32? {
        guard eventually(within: seconds, { !isRunning }) else { return nil }
        return process.withLock {
            $0.terminationReason == .uncaughtSignal ? -$0.terminationStatus : $0.terminationStatus
        }
    }

    /// Waits for a line of the output that holds `mark` and reads the number behind it.
    public func number(after mark: String, within seconds: Double = 20) -> Int? {
        var found: Int?
        _ = eventually(within: seconds) {
            guard let range = output.range(of: mark) else { return !isRunning }
            found = Int(output[range.upperBound...].prefix { $0.isNumber })
            return found != nil
        }
        return found
    }
}

/// Polls until `condition` holds.
/// - Returns: false when it does not hold within `seconds`.
public func eventually(within seconds: Double = 10, _ condition: () throws -> Bool) rethrows -> Bool {
    let end = Date().addingTimeInterval(seconds)
    while Date() < end {
        if try condition() { return true }
        usleep(10_000)
    }
    return try condition()
}
