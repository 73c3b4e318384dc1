import PublicSuffix

/// A click id with which a browser has landed on a page.
struct ClickIDLanding: Equatable {
    /// As in the page's URL: letters, digits and `_.~%-`, fit for a cookie as it is.
    var clickID: [UInt8]
    var pageHost: [UInt8]
}

/// Decides whether an answer keeps a landing's click id in the browser, and writes the `_epik` cookie (`mapping.md`
/// 4.4, 9.8).
///
/// Only a fresh click id is written: a cookie that is there already is not prolonged, so a click is forgotten a year
/// after it at the latest. The Pinterest Tag reads and writes the same cookie, so it is not HttpOnly; a browser that
/// cuts short what scripts write leaves what a server of the same site writes.
///
/// Invariant: page, relay and, where the browser names it, the calling page's origin belong to one registrable domain,
/// so no page can place a cookie on another's site.
struct ClickIDCookie {
    /// What the request says of the browser's place. Empty bytes stand for an absent header.
    struct Place {
        /// The `Host` header.
        var host: [UInt8]
        /// The `Origin` header.
        var origin: [UInt8]
        /// `Sec-Fetch-Site: cross-site`.
        var isCrossSite: Bool
    }

    private let suffixes: PublicSuffixList

    init() throws(PublicSuffixError) { suffixes = try PublicSuffixList() }

    /// - Returns: the value of `Set-Cookie`; nil where the relay is no first party of the page.
    func header(for landing: ClickIDLanding, at place: Place) -> [UInt8]? {
        guard !place.isCrossSite, let site = suffixes.registrableDomain(of: Self.withoutPort(place.host[...])),
            suffixes.registrableDomain(of: landing.pageHost) == site
        else { return nil }
        if !place.origin.isEmpty {
            guard let origin = Self.host(ofOrigin: place.origin), suffixes.registrableDomain(of: origin) == site else {
                return nil
            }
        }
        return Array("_epik=".utf8) + landing.clickID
            + Array("; Max-Age=31536000; Path=/; SameSite=Lax; Secure; Domain=".utf8) + site
    }

    /// Nil for an opaque origin (`null`).
    private static func host(ofOrigin origin: [UInt8]) -> ArraySlice<UInt8>? {
        guard let colon = origin.firstIndex(of: UInt8(ascii: ":")), origin[colon...].starts(with: "://".utf8) else {
            return nil
        }
        return withoutPort(origin[(colon + 3)...])
    }

    /// An address in brackets stays what it is: no domain.
    private static func withoutPort(_ host: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        host.prefix { $0 != UInt8(ascii: ":") }
    }
}
