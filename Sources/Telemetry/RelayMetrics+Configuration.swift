/// How a reload of the configuration ended.
public enum ConfigReloadResult: String, CaseIterable, Sendable {
    case applied
    /// What was read is in force already.
    case unchanged
    /// It is faulty.
    case invalid
    /// It changes what is fixed at start.
    case restartNeeded = "restart_needed"
    /// It could not be taken up for another reason.
    case failed
}

extension RelayMetrics {
    public func configReload(_ result: ConfigReloadResult) -> Counter {
        Counter(cell: cell(.configReloads, ConfigReloadResult.allCases.firstIndex(of: result) ?? 0))
    }

    /// - Parameters:
    ///   - hash: of the configuration that is in force from now on, without its secrets.
    ///   - nowSeconds: seconds since 1970.
    public func setConfig(hash: Int, nowSeconds: Int) {
        cell(.configHash).set(hash)
        cell(.configLoaded).set(nowSeconds)
    }
}
