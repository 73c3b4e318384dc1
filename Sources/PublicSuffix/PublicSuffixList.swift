// PublicSuffix: the registrable domain of a host, by the Public Suffix List as libpsl reads it.
//
// It may touch CLibpsl and nothing else. No libpsl type leaves the module.
//
// Invariants: a host that is no domain name (an address, a single label, a malformed text) has no registrable domain;
// the answer is always a tail of the host that was asked for, at whole labels, in lower case.

import CLibpsl

/// The Public Suffix List: the newer one of the system's file (Debian's `publicsuffix`) and the one that libpsl was
/// built with. It is loaded once and never changes.
@safe
public final class PublicSuffixList {
    // Owned from `init` to `deinit`.
    private let list: OpaquePointer

    public init() throws(PublicSuffixError) {
        guard let list = unsafe psl_latest(nil) else { throw PublicSuffixError() }
        unsafe self.list = list
    }

    deinit { unsafe psl_free(list) }

    /// The public suffix with one label before it: `shop.co.uk` for `www.shop.co.uk`. Names below a suffix that is not
    /// on the list count as if their last label was one, as in browsers.
    /// - Parameter host: a host as it stands in a URL: ASCII, in any case, without port.
    /// - Returns: nil for a public suffix itself and for what is no domain name.
    public func registrableDomain(of host: some Collection<UInt8>) -> [UInt8]? {
        guard let name = DomainName(host)?.bytes else { return nil }
        let text = name.map { CChar(bitPattern: $0) } + [0]
        let start = unsafe text.withUnsafeBufferPointer { buffer in
            // libpsl reads the terminated text within the call and answers with a place inside of it.
            unsafe buffer.baseAddress.flatMap { base in
                unsafe psl_registrable_domain(list, base).map { unsafe $0 - base }
            }
        }
        return start.map { Array(name.dropFirst($0)) }
    }
}
