/// How strict the sandbox is and what it keeps.
public struct SandboxSettings: Sendable {
    public var address = "127.0.0.1"
    /// 0 takes any free port.
    public var port: UInt16 = 0
    /// The only token that is let in.
    public var token: String
    /// The ad accounts that exist; nil for all.
    public var accounts: Set<String>?
    /// The answer for an account that does not exist: 404 or 403.
    public var unknownAccountStatus = 404
    /// The answer to a request of which some events failed: 200 or 422; the contract leaves it open.
    public var mixedStatus = 200
    /// Events older than this fail.
    public var maxAge: Duration = .seconds(7 * 86_400)
    /// Events further ahead than this fail.
    public var maxAhead: Duration = .seconds(300)
    /// Requests for each account and minute; one more is answered 429.
    public var requestsPerMinute = 120_000
    /// How many of the latest accepted bodies are kept for `/sandbox/events`.
    public var keepBodies = 10_000
    /// The kept bodies together, in bytes.
    public var keepBodyBytes = 32 << 20
    /// How many different ids are counted one by one; events beyond are counted as `untracked`.
    public var keepIDs = 5_000_000
    /// Larger bodies are answered 413.
    public var maxBodyBytes = 8 << 20
    /// Connections at once; more are closed.
    public var maxConnections = 512
    /// A connection that is silent for so long is closed.
    public var idleSeconds = 300
    /// The folder of a file to which the body of every call for events is appended, refused ones included, one line
    /// each, for a judge that shares no code with this one; nil for none.
    public var recordFolder: String?
    public var faults = SandboxFaults()

    public init(token: String) { self.token = token }
}
