/// Why the crypto library cannot hash. It is met at start only, and trying again does not help: the library is
/// missing SHA-256 (a FIPS or provider configuration that lacks it), is broken, or has no memory.
public struct DigestError: Error, Hashable, Sendable {
    /// The step that failed.
    public enum Operation: String, Sendable, CaseIterable {
        /// Looking up SHA-256 in the loaded providers.
        case fetchDigest = "fetch_digest"
        /// Making the context that all hashes of one hasher share.
        case makeContext = "make_context"
        /// One hash through the new context.
        case hash
        /// That hash is not the one FIPS 180-4 gives.
        case selfTest = "self_test"
    }

    public let operation: Operation
    /// OpenSSL's packed error number (library and reason); 0 where it left none.
    public let code: UInt

    public init(operation: Operation, code: UInt) {
        self.operation = operation
        self.code = code
    }

    public var isRetriable: Bool { false }
}
