/// One header of an answer.
public struct SandboxHeader: Sendable, Equatable {
    public let name: String
    public let value: String

    init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

public struct SandboxAnswer: Sendable, Equatable {
    public var status: Int
    public var headers: [SandboxHeader]
    public var body: [UInt8]
}

/// What the driver is to do with a request.
public struct SandboxReply: Sendable, Equatable {
    public enum Manner: Sendable, Equatable {
        case whole
        case drip(bytesPerSecond: Int)
        /// The head and half of the announced body, then the end of the connection.
        case cut
        /// The same, and the connection is reset.
        case cutAndReset
        /// The whole body behind a head that announces half of it.
        case overlong
        /// No answer; the connection stays.
        case hang
        /// No answer; the connection is reset.
        case reset
    }

    public var answer: SandboxAnswer
    public var manner: Manner
    /// Before anything is done.
    public var delay: Duration
}
