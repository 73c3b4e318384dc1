/// A loop or thread could not be set up. Happens at start only; the program gives up.
public struct ReactorError: Error, Equatable, CustomStringConvertible {
    public enum Code: Equatable, Sendable {
        case outOfMemory
        /// With `errno`'s value.
        case system(Int32)
    }

    public var code: Code
    /// The C call that failed.
    public var operation: String

    init(_ code: Code, _ operation: String) {
        self.code = code
        self.operation = operation
    }

    public var description: String {
        switch code {
        case .outOfMemory: "\(operation): out of memory"
        case .system(let number): "\(operation): errno \(number)"
        }
    }
}
