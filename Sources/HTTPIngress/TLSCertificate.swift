import CLibevent
import CRelayShims
import Glibc
import Reactor
import Synchronization

/// The certificate and key of listeners that speak TLS. Any thread may use it and reload it: connections that are
/// accepted afterwards get the new certificate, those that are open keep what they have.
///
/// Invariant: there is always a certificate that works. Files that cannot be used leave the one before in force.
public final class TLSCertificate: Sendable {
    private struct State {
        var context: TLSContext
        /// What the files were when they were last read, used or not.
        var stamps: [FileStamp]
    }

    private let certificatePath: String
    private let keyPath: String
    private let state: Mutex<State>
    private let failures = Atomic<UInt64>(0)

    /// - Parameters:
    ///   - certificatePath: PEM: the certificate, then its chain.
    ///   - keyPath: PEM, without passphrase.
    public init(certificatePath: String, keyPath: String) throws(TLSError) {
        self.certificatePath = certificatePath
        self.keyPath = keyPath
        let stamps = [FileStamp(path: certificatePath), FileStamp(path: keyPath)]
        let context = try TLSContext(certificatePath: certificatePath, keyPath: keyPath)
        state = Mutex(State(context: context, stamps: stamps))
    }

    /// How often new files could not be used.
    public var reloadFailures: UInt64 { failures.load(ordering: .relaxed) }

    /// Reads both files again.
    public func reload() throws(TLSError) {
        let stamps = stamps
        do throws(TLSError) {
            let context = try TLSContext(certificatePath: certificatePath, keyPath: keyPath)
            state.withLock { $0 = State(context: context, stamps: stamps) }
        } catch {
            failures.add(1, ordering: .relaxed)
            // Not tried again until they change once more.
            state.withLock { $0.stamps = stamps }
            throw error
        }
    }

    /// Reads both files again if either is another than at the last attempt: replaced, written to, or come back.
    ///
    /// - Returns: whether a new certificate is in force.
    public func reloadIfChanged() throws(TLSError) -> Bool {
        let known = state.withLock { $0.stamps }
        guard stamps != known else { return false }
        try reload()
        return true
    }

    /// A bufferevent that shakes hands with this certificate; nil without memory.
    func makeBufferevent(on base: EventBase) -> OpaquePointer? {
        let context = state.withLock { $0.context }
        return unsafe relay_tls_accept(base.pointer, context.pointer)
    }

    private var stamps: [FileStamp] { [FileStamp(path: certificatePath), FileStamp(path: keyPath)] }
}

/// Owns an `SSL_CTX`. libssl counts who uses it, with atomics, and nothing here changes it once it is made.
@safe private final class TLSContext: @unchecked Sendable {  // immutable, see above
    let pointer: OpaquePointer

    init(certificatePath: String, keyPath: String) throws(TLSError) {
        var code: UInt = 0
        guard let context = unsafe relay_tls_open(certificatePath, keyPath, &code) else {
            let reason = unsafe relay_tls_reason(code).map { unsafe String(cString: $0) } ?? "unknown reason"
            throw TLSError(code: code, certificatePath: certificatePath, reason: reason)
        }
        unsafe pointer = context
    }

    deinit { unsafe relay_tls_close(pointer) }
}

/// Tells one state of a file from another; symbolic links are followed.
private struct FileStamp: Equatable {
    private var device: UInt = 0
    private var inode: UInt = 0
    private var size: Int = 0
    private var seconds: Int = 0
    private var nanoseconds: Int = 0

    /// All zero for a file that is not there.
    init(path: String) {
        var info = stat()
        guard unsafe stat(path, &info) == 0 else { return }
        device = UInt(info.st_dev)
        inode = UInt(info.st_ino)
        size = Int(info.st_size)
        seconds = Int(info.st_mtim.tv_sec)
        nanoseconds = Int(info.st_mtim.tv_nsec)
    }
}
