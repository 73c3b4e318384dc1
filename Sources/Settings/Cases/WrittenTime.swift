import Foundation

/// Times as people write them on the command line, in cases and in archives.
public enum WrittenTime {
    /// ISO 8601 with zone, or whole seconds since 1970.
    /// - Returns: microseconds since 1970; nil for anything else.
    public static func micros(_ text: String) -> Int64? {
        if let seconds = Int64(text), (0..<100_000_000_000).contains(seconds) { return seconds * 1_000_000 }
        let formatter = ISO8601DateFormatter()
        for options: ISO8601DateFormatter.Options in [
            [.withInternetDateTime], [.withInternetDateTime, .withFractionalSeconds],
        ] {
            formatter.formatOptions = options
            guard let date = formatter.date(from: text) else { continue }
            let micros = (date.timeIntervalSince1970 * 1_000_000).rounded()
            return abs(micros) < 1e17 ? Int64(micros) : nil
        }
        return nil
    }
}
