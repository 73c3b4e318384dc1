/// A certificate, or its key, that cannot be used. Trying again helps once the files are others.
public struct TLSError: Error, Equatable, CustomStringConvertible {
    /// OpenSSL's packed error number (library and reason); 0 where it left none.
    public let code: UInt
    let certificatePath: String
    let reason: String

    public var description: String {
        "the certificate \(certificatePath) and its key cannot be used: \(reason) (OpenSSL error \(code))"
    }
}
