import Synchronization

/// The sandbox on a port: a thread that accepts and one for each connection.
public final class SandboxServer: Sendable {
    /// What arrived and what is to go wrong, for tests in the same process.
    public let service: SandboxService
    private let settings: SandboxSettings
    private let listener: SandboxSocket
    private let connections = ConnectionTable()

    /// Takes the port; clients wait until ``start()``.
    public init(_ settings: SandboxSettings) throws(SandboxError) {
        self.settings = settings
        service = SandboxService(
            settings,
            log: try settings.recordFolder.map { folder throws(SandboxError) in
                try BodyLog(folder: folder)
            })
        listener = try SandboxSocket.listen(address: settings.address, port: settings.port)
    }

    /// Accepts from now on. Called once.
    public func start() throws(SandboxError) {
        // The thread holds these, not the server, so a dropped server ends it.
        let (listener, service, connections, settings) = (listener, service, connections, settings)
        try SandboxThread.start {
            while let client = listener.accept() {
                Self.serve(client, service: service, connections: connections, settings: settings)
            }
        }
    }

    deinit { stop() }

    /// The port that was taken.
    public var port: UInt16 { listener.port }

    /// Ends the listener and all connections, at once. Once is enough; more do no harm.
    public func stop() {
        listener.shutdown()
        connections.stop()
    }

    private static func serve(
        _ client: SandboxSocket, service: SandboxService, connections: ConnectionTable, settings: SandboxSettings
    ) {
        guard let number = connections.add(client, limit: settings.maxConnections) else { return }
        client.prepareConnection(idleSeconds: settings.idleSeconds)
        do throws(SandboxError) {
            try SandboxThread.start {
                var connection = SandboxConnection(client, service: service) { connections.isStopped }
                connection.serve()
                connections.remove(number)
            }
        } catch {
            // Without a thread the client is turned away: the socket closes with its last holder.
            connections.remove(number)
        }
    }
}

/// The open connections, so that `stop` reaches those that wait.
private final class ConnectionTable: Sendable {
    private struct State {
        var sockets: [Int: SandboxSocket] = [:]
        var last = 0
        var isStopped = false
    }

    private let state = Mutex(State())

    var isStopped: Bool { state.withLock { $0.isStopped } }

    /// - Returns: the connection's number; nil when it is not wanted.
    func add(_ socket: SandboxSocket, limit: Int) -> Int? {
        state.withLock { state in
            guard !state.isStopped, state.sockets.count < limit else { return nil }
            state.last += 1
            state.sockets[state.last] = socket
            return state.last
        }
    }

    func remove(_ number: Int) { state.withLock { $0.sockets[number] = nil } }

    func stop() {
        state.withLock { state in
            state.isStopped = true
            for socket in state.sockets.values { socket.shutdown() }
        }
    }
}
