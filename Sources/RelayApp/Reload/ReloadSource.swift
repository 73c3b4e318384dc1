public import Logging
public import Settings
public import Telemetry

/// Where a running relay finds its configuration again, and what of it belongs to the process.
public struct ReloadSource: Sendable {
    let read: @Sendable () throws(ConfigErrors) -> RelaySettings
    let threshold: LogThreshold

    /// - Parameters:
    ///   - threshold: of the relay's logger; set to `log.level` by a reload.
    ///   - read: reads file, environment and secrets anew.
    public init(
        threshold: LogThreshold = LogThreshold(), read: @escaping @Sendable () throws(ConfigErrors) -> RelaySettings
    ) {
        self.threshold = threshold
        self.read = read
    }
}

extension LogSettings.Level {
    /// The same level in swift-log's words.
    public var swiftLog: Logger.Level { Logger.Level(rawValue: rawValue) ?? .info }
}
