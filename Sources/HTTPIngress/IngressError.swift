/// A listener could not be set up. Happens at start only.
public struct IngressError: Error, Equatable, CustomStringConvertible {
    public enum Code: Equatable, Sendable {
        case outOfMemory
        /// Not a numeric address.
        case badAddress
        /// The server has been drained.
        case closed
        /// With `errno`'s value.
        case system(Int32)
    }

    public var code: Code
    public var operation: String

    init(_ code: Code, _ operation: String) {
        self.code = code
        self.operation = operation
    }

    public var description: String {
        switch code {
        case .outOfMemory: "\(operation): out of memory"
        case .badAddress: "\(operation): not a numeric IPv4 or IPv6 address"
        case .closed: "\(operation): the server is closed"
        case .system(let number): "\(operation): errno \(number)"
        }
    }
}
