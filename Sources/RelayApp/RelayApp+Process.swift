import Glibc
public import Logging
import Reactor
public import Settings

// What the system allows the process: settled before the first thread.
extension RelayApp {
    /// Descriptors beside those of public connections: journal, log, upstream, admin port.
    private static let ownDescriptors = 512

    /// Files are made for their owner alone. Forbids core dumps unless they are wanted, and makes room for the connections that the settings allow. What the
    /// system refuses is told, and the relay runs all the same.
    public static func limitProcess(_ settings: RelaySettings, log: Logger) {
        // The journal's files hold clients' addresses; its directory may be another's, and open.
        _ = umask(0o077)
        if !settings.process.coreDumps, !ProcessLimits.forbidCoreDumps() {
            log.warning("core dumps cannot be forbidden: a crash may leave personal data on disk")
        }
        let connections = settings.listen.limits.connectionCount
        let openFiles = ProcessLimits.raiseOpenFiles(to: connections + ownDescriptors)
        if openFiles < connections + ownDescriptors {
            log.warning(
                "fewer connections than configured: raise the limit of open files",
                metadata: ["open_files": "\(openFiles)", "max_connections": "\(connections)"])
        }
    }
}
