import Foundation
import RelayModel
import Testing

@testable import Telemetry

/// What stands in `deploy/` about metrics, held against the closed list.
@Suite("Metrics in deploy")
struct DeployedMetricsTests {
    private static func text(_ path: String) throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try String(contentsOf: root.appending(path: "deploy/\(path)"), encoding: .utf8)
    }

    private static func row(_ spec: MetricSpec) -> String {
        let labels = spec.labels.map { "`\($0.name)`" }.joined(separator: ", ")
        return "| `\(spec.name)` | \(spec.typeName) | \(labels) | \(spec.help) |"
    }

    /// The metric of a sample's name.
    private static func metric(of name: Substring) -> RelayMetric? {
        RelayMetric.allCases.first { metric in
            let spec = metric.spec
            let isHistogram = spec.typeName == "histogram"
            let names = isHistogram ? ["_bucket", "_sum", "_count"].map { spec.name + $0 } : [spec.name]
            return names.contains(String(name))
        }
    }

    @Test("metrics.md describes every metric, as the code does", arguments: RelayMetric.allCases)
    func isDescribed(_ metric: RelayMetric) throws {
        let lines = try Self.text("metrics.md").split(separator: "\n").map(String.init)
        #expect(lines.filter { $0 == Self.row(metric.spec) }.count == 1, "the row is: \(Self.row(metric.spec))")
    }

    @Test("metrics.md describes no other metric")
    func describesNoOther() throws {
        let rows = try Self.text("metrics.md").split(separator: "\n").filter { $0.hasPrefix("| `") }
        let known = Set(RelayMetric.allCases.map { Self.row($0.spec) })
        #expect(rows.filter { !known.contains(String($0)) } == [])
        #expect(rows.count == known.count)
    }

    @Test(
        "every metric, label and label value that is asked for exists",
        arguments: ["monitoring/grafana/dashboard.json", "monitoring/alerts.yaml", "monitoring/alerts.test.yaml"])
    func asksForWhatExists(path: String) throws {
        let text = try Self.text(path).replacing("\\\"", with: "\"")
        let layout = MetricLayout(sources: [], destinations: [], faults: [], version: "")
        var asked: Set<RelayMetric> = []
        for match in text.matches(of: /\b(pinrelay_[a-z0-9_]+|process_[a-z_]+)(\{[^}]*\})?/) {
            // Prose names histograms without suffix.
            let named = RelayMetric.allCases.first { $0.spec.name == match.1 }
            let metric = try #require(Self.metric(of: match.1) ?? named, "\(match.1)")
            asked.insert(metric)
            for matcher in (match.2 ?? "").matches(of: /([a-z_]+)(=~|!=|!~|=)"([^"]*)"/) {
                if ["job", "instance", "le"].contains(matcher.1) { continue }
                let label = try #require(metric.spec.labels.first { $0.name == matcher.1 }, "\(match.0)")
                let values = layout.values(of: label)
                // Names of the configuration, and faults, which the composition brings, are open here.
                if [.source, .destination, .destinationOrNone, .fault, .loop].contains(label) { continue }
                for value in matcher.3.split(separator: "|") {
                    #expect(values.contains(String(value)), "\(match.0): no \(label.name) is \(value)")
                }
            }
        }
        #expect(asked.count > 10)
    }

    @Test("the dashboard shows every metric")
    func showsAll() throws {
        let text = try Self.text("monitoring/grafana/dashboard.json")
        for metric in RelayMetric.allCases {
            #expect(text.contains(metric.spec.name), "\(metric.spec.name)")
        }
    }
}
