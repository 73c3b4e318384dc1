public import Logging

/// A handler for swift-log that writes a line per event: JSON, or text for people at a terminal.
///
/// Messages are expected to be static; what varies stands in the metadata. The keys `time`, `level`, `logger`,
/// `message` and `suppressed` are the handler's own; metadata of these names gets a `_` behind it.
public struct JSONLinesLogHandler: LogHandler {
    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?
    /// The process's own, unless this logger has been given another.
    public var logLevel: Logger.Level {
        get { ownLevel ?? threshold.level }
        set { ownLevel = newValue }
    }
    private var ownLevel: Logger.Level?
    private let threshold: LogThreshold
    private let label: String
    private let output: LogOutput

    public init(label: String, threshold: LogThreshold, output: LogOutput) {
        self.label = label
        self.threshold = threshold
        self.output = output
    }

    public init(label: String, level: Logger.Level, output: LogOutput) {
        self.init(label: label, threshold: LogThreshold(level), output: output)
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        let message = event.message.description
        output.log(message) { unixMillis, suppressed in
            var line = LogLine(format: output.format)
            line.field("time", LogTime.text(unixMillis: unixMillis))
            line.field("level", event.level.rawValue)
            line.field("logger", label)
            line.field("message", message)
            if suppressed > 0 { line.field("suppressed", "\(suppressed)") }
            for (key, value) in merged(event.metadata).sorted(by: { $0.key < $1.key }) { line.metadata(key, value) }
            return line.finished()
        }
    }

    /// The event's own metadata wins over the provider's, and that over the handler's.
    private func merged(_ own: Logger.Metadata?) -> Logger.Metadata {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { _, new in new } }
        if let own { all.merge(own) { _, new in new } }
        return all
    }
}
