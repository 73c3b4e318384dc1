/// What a request to the admin port says of where it comes from. On loopback no token is asked for, so any page that the
/// operator's browser has open could send orders there, or read answers by a name that it lets point to this machine.
/// Browsers say so in these headers; other clients send none of them but `Host`.
public struct RequestProvenance: Sendable {
    /// `Host`, `Origin` and `Sec-Fetch-Site`, as sent; nil where there is none.
    public var host: [UInt8]?
    public var origin: [UInt8]?
    public var fetchSite: [UInt8]?

    public init(host: [UInt8]? = nil, origin: [UInt8]? = nil, fetchSite: [UInt8]? = nil) {
        self.host = host
        self.origin = origin
        self.fetchSite = fetchSite
    }

    /// False for what another site's page sends.
    var isOwnPageOrNone: Bool {
        if let fetchSite, !["same-origin", "none"].contains(String(decoding: fetchSite, as: UTF8.self)) {
            return false
        }
        guard let origin else { return true }
        let text = String(decoding: origin, as: UTF8.self)
        guard let host, let scheme = text.firstRange(of: "://") else { return false }
        return text[scheme.upperBound...].lowercased() == String(decoding: host, as: UTF8.self).lowercased()
    }

    /// True where the host is an address or `localhost`, which no foreign name service can point elsewhere; and where
    /// none is named.
    var namesAnAddress: Bool {
        guard let host else { return true }
        let text = String(decoding: host, as: UTF8.self).lowercased()
        if text.hasPrefix("[") { return true }
        let name = text.prefix { $0 != ":" }
        return name == "localhost" || !name.isEmpty && name.allSatisfy { $0.isNumber || $0 == "." }
    }
}
