/// Every bound of the client. libcurl's own defaults are mostly "unlimited", so each value is stated here.
public struct EgressLimits: Sendable {
    /// From the connection's start to the last byte of the answer, unless the request says otherwise.
    public var totalTimeout: Duration = .seconds(30)
    /// Name lookup, TCP and TLS together.
    public var connectTimeout: Duration = .seconds(10)
    /// A transfer slower than `lowSpeedBytesPerSecond` for this long is given up; whole seconds.
    public var lowSpeedTime: Duration = .seconds(20)
    public var lowSpeedBytesPerSecond = 64
    /// An answer beyond this fails with ``CurlCode/responseTooLarge``.
    public var maxResponseBytes = 4 << 20
    /// All header bytes of an answer together.
    public var maxHeaderBytes = 64 << 10
    /// Transfers at once, hence connections in use, and as many idle ones are kept.
    public var maxConnections = 8
    /// Requests at once, those that wait for a connection included; one more is answered ``CurlCode/tooMany``.
    public var maxInFlight = 64
    /// Idle connections beyond this age are not used again.
    public var maxIdleAge: Duration = .seconds(60)
    /// Connections beyond this age are not used again, so that a change of addresses is followed.
    public var maxConnectionAge: Duration = .seconds(600)
    public var keepAliveIdle: Duration = .seconds(30)
    public var keepAliveInterval: Duration = .seconds(15)
    public var nameCacheTime: Duration = .seconds(60)

    public init() {}
}

/// How the client presents itself and whom it trusts.
public struct EgressIdentity: Sendable {
    /// The `User-Agent` header.
    public var userAgent: String
    /// A PEM file of trusted authorities instead of the system's.
    public var authorityFile: String?
    /// A proxy's URL. The environment's proxy variables are never read.
    public var proxy: String?

    /// - Parameter version: the relay's version, as it stands in the `User-Agent` header.
    public init(version: String, authorityFile: String? = nil, proxy: String? = nil) {
        self.userAgent = "pinrelay/\(version)"
        self.authorityFile = authorityFile
        self.proxy = proxy
    }
}

extension Duration {
    /// Whole milliseconds, rounded up and held within 0 and a day, which fits every type that libcurl takes.
    var curlMilliseconds: Int { clampedTicks(perSecond: 1_000) }

    /// Whole seconds, rounded up and held within 0 and a day.
    var curlSeconds: Int { clampedTicks(perSecond: 1) }

    private func clampedTicks(perSecond: Int64) -> Int {
        guard self > .zero else { return 0 }
        guard self < .seconds(86_400) else { return Int(86_400 * perSecond) }
        let tick = 1_000_000_000_000_000_000 / perSecond
        let (seconds, attoseconds) = components
        return Int(seconds * perSecond + (attoseconds + tick - 1) / tick)
    }
}
