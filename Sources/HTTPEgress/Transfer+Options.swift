import CLibcurl

// What every request has in common. Set anew for each one, since a reset handle knows nothing.
extension Transfer {
    /// Rules that no setting changes.
    func setFixedOptions() throws(CurlError) {
        try easy.set(CURLOPT_NOSIGNAL, true)
        // A resolver that hangs is left behind: libcurl would wait for it here, and the loop with it.
        try easy.set(CURLOPT_QUICK_EXIT, true)
        try easy.set(CURLOPT_FOLLOWLOCATION, false)
        try easy.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        try easy.set(CURLOPT_SSL_VERIFYPEER, true)
        // 2: the certificate must name the host.
        try easy.set(CURLOPT_SSL_VERIFYHOST, 2)
        try easy.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        try easy.set(CURLOPT_TCP_NODELAY, true)
        try easy.set(CURLOPT_DEFAULT_PROTOCOL, "https")
    }

    func setLimits(_ limits: EgressLimits, timeout: Duration) throws(CurlError) {
        // For libcurl 0 means "no limit".
        try easy.set(CURLOPT_TIMEOUT_MS, max(1, timeout.curlMilliseconds))
        try easy.set(CURLOPT_CONNECTTIMEOUT_MS, max(1, limits.connectTimeout.curlMilliseconds))
        try easy.set(CURLOPT_LOW_SPEED_LIMIT, limits.lowSpeedBytesPerSecond)
        try easy.set(CURLOPT_LOW_SPEED_TIME, limits.lowSpeedTime.curlSeconds)
        try easy.setOffset(CURLOPT_MAXFILESIZE_LARGE, max(1, limits.maxResponseBytes))
        try easy.set(CURLOPT_MAXAGE_CONN, max(1, limits.maxIdleAge.curlSeconds))
        try easy.set(CURLOPT_MAXLIFETIME_CONN, max(1, limits.maxConnectionAge.curlSeconds))
        try easy.set(CURLOPT_DNS_CACHE_TIMEOUT, limits.nameCacheTime.curlSeconds)
        try easy.set(CURLOPT_TCP_KEEPALIVE, true)
        try easy.set(CURLOPT_TCP_KEEPIDLE, max(1, limits.keepAliveIdle.curlSeconds))
        try easy.set(CURLOPT_TCP_KEEPINTVL, max(1, limits.keepAliveInterval.curlSeconds))
    }

    func setIdentity(_ identity: EgressIdentity) throws(CurlError) {
        try easy.set(CURLOPT_USERAGENT, identity.userAgent)
        // An empty text turns the environment's proxy off; so does an empty list of exceptions.
        try easy.set(CURLOPT_PROXY, identity.proxy ?? "")
        try easy.set(CURLOPT_NOPROXY, "")
        if let file = identity.authorityFile { try easy.set(CURLOPT_CAINFO, file) }
    }
}
