/// Why the sandbox does not start: the system call and its `errno`.
public struct SandboxError: Error, Equatable, CustomStringConvertible {
    public let operation: String
    public let systemError: Int32

    init(_ operation: String, _ systemError: Int32) {
        self.operation = operation
        self.systemError = systemError
    }

    public var description: String { "\(operation) failed (errno \(systemError))" }
}
