// Digests: SHA-256 through OpenSSL's EVP interface, and nothing else.
//
// It may touch CLibcrypto and RelayModel's hashing protocol. No OpenSSL type leaves the module.
//
// Invariants: the digest is fetched once per hasher, since an implicit fetch costs more than the hash; the context is
// made once and used again for every hash; a hasher belongs to one thread and is therefore not Sendable.

import CLibcrypto
public import RelayModel

/// Hashes texts with SHA-256; one per thread.
///
/// The initialiser runs one whole hash and checks its result. From then on every call works on a context that is
/// complete, with the same digest and memory that it already has, so OpenSSL has no reason left to fail. Should it fail
/// all the same, the process stops: the alternative is to send a wrong or repeated digest as a person's identity.
@safe
public final class SHA256Hasher: TextHashing {
    private let digest: OpaquePointer
    private let context: OpaquePointer

    /// - Throws: a ``DigestError`` when the library has no working SHA-256.
    public init() throws(DigestError) {
        guard let digest = unsafe EVP_MD_fetch(nil, "SHA256", nil) else {
            throw DigestError(operation: .fetchDigest, code: Self.takeErrorCode())
        }
        guard let context = unsafe EVP_MD_CTX_new() else {
            unsafe EVP_MD_free(digest)
            throw DigestError(operation: .makeContext, code: Self.takeErrorCode())
        }
        // Both are owned by this object from here on; `deinit` frees them, also when the checks below throw.
        unsafe self.digest = digest
        unsafe self.context = context
        try checkItself()
    }

    deinit {
        unsafe EVP_MD_CTX_free(context)
        unsafe EVP_MD_free(digest)
    }

    public func sha256(_ bytes: Span<UInt8>) -> HashedValue {
        guard let value = hash(bytes) else {
            fatalError("SHA-256 failed after a successful start: OpenSSL error \(Self.takeErrorCode())")
        }
        return value
    }

    /// One hash, or nil when OpenSSL reports a failure.
    private func hash(_ bytes: Span<UInt8>) -> HashedValue? {
        var words: [4 of UInt64] = [0, 0, 0, 0]
        // OpenSSL reads the bytes and writes the 32 bytes of `words` within these calls and keeps neither pointer.
        let isDone = unsafe bytes.withUnsafeBufferPointer { input in
            var result = words.mutableSpan
            return unsafe result.withUnsafeMutableBytes { output in
                unsafe EVP_DigestInit_ex2(context, digest, nil) == 1
                    && EVP_DigestUpdate(context, input.baseAddress, input.count) == 1
                    && EVP_DigestFinal_ex(context, output.baseAddress?.assumingMemoryBound(to: UInt8.self), nil) == 1
            }
        }
        guard isDone else { return nil }
        return HashedValue(
            words: (words[0].bigEndian, words[1].bigEndian, words[2].bigEndian, words[3].bigEndian))
    }

    /// Hashes `abc` and compares with the digest that FIPS 180-4 gives for it.
    private func checkItself() throws(DigestError) {
        let abc: [3 of UInt8] = [0x61, 0x62, 0x63]
        guard let value = hash(abc.span) else {
            throw DigestError(operation: .hash, code: Self.takeErrorCode())
        }
        let expected = HashedValue(
            words: (0xba78_16bf_8f01_cfea, 0x4141_40de_5dae_2223, 0xb003_61a3_9617_7a9c, 0xb410_ff61_f200_15ad))
        guard value == expected else { throw DigestError(operation: .selfTest, code: 0) }
    }

    /// Takes the newest number off this thread's OpenSSL error queue and empties the queue.
    private static func takeErrorCode() -> UInt {
        let code = ERR_peek_last_error()
        ERR_clear_error()
        return UInt(code)
    }
}
