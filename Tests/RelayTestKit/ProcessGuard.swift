public import Foundation
import Synchronization

/// Ends what a test run has started when the run itself is gone, however it ended: a killed or crashed run ends none of
/// its processes.
///
/// A shell reads process ids from a pipe whose other end is held by the run alone. At the pipe's end it kills each of
/// them that still runs, told by its time of start from a later process with the same id.
public final class ProcessGuard: Sendable {
    /// Lives as long as the test run.
    public static let shared = ProcessGuard()

    private static let script = """
        started() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }
        while read -r id; do watched="$watched $id:$(started "$id")"; done
        for entry in $watched; do
            [ "$(started "${entry%%:*}")" = "${entry##*:}" ] && kill -KILL "${entry%%:*}"
        done
        """

    private let ids: Mutex<FileHandle?>

    public init() {
        let pipe = Pipe()
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        shell.arguments = ["-c", Self.script]
        shell.standardInput = pipe
        shell.standardOutput = FileHandle.nullDevice
        shell.standardError = FileHandle.nullDevice
        // Without a shell there is nothing to write to; the tests need none of it.
        let isRunning = (try? shell.run()) != nil
        ids = Mutex(isRunning ? pipe.fileHandleForWriting : nil)
    }

    deinit { ids.withLock { try? $0?.close() } }

    /// Watches a process from now on.
    public func watch(_ process: Process) {
        ids.withLock { try? $0?.write(contentsOf: Data("\(process.processIdentifier)\n".utf8)) }
    }
}
