// What `/metrics` answers: every series of the closed list, those at zero too.
extension RelayMetrics {
    /// The page in Prometheus' text format 0.0.4.
    /// - Parameter nowMillis: milliseconds since 1970.
    public func render(nowMillis: Int64) -> [UInt8] {
        cell(.eventsUnaccounted).set(sums.unaccounted)
        sumMatches()
        var page = MetricsPage()
        for metric in RelayMetric.allCases {
            let spec = metric.spec
            page.head(spec)
            if case .histogram(_, let scale) = spec.kind, let histogram = histograms[metric] {
                page.histogram(spec.name, histogram, scale: scale)
            } else {
                renderSeries(of: metric, spec, nowMillis: nowMillis, to: &page)
            }
        }
        return page.bytes
    }

    private func renderSeries(of metric: RelayMetric, _ spec: MetricSpec, nowMillis: Int64, to page: inout MetricsPage)
    {
        let values = spec.labels.map { layout.values(of: $0) }
        for (position, cell) in cells[metric.rawValue].enumerated() {
            let value = cell.value
            // Routes times statuses are hundreds of series, as are sources times names: only what occurs is shown.
            guard occurs(metric, position) else { continue }
            var labels: [(name: String, value: String)] = []
            var rest = position
            for (label, list) in zip(spec.labels, values).reversed() {
                labels.insert((label.name, list[rest % list.count]), at: 0)
                rest /= list.count
            }
            page.sample(spec.name, labels, Self.shown(value, spec.kind, nowMillis: nowMillis))
        }
    }

    private static func shown(_ value: Int, _ kind: MetricSpec.Kind, nowMillis: Int64) -> String {
        switch kind {
        case .age: value == 0 ? "0" : String(Double(max(0, nowMillis - Int64(value))) / 1000)
        case .milliseconds: String(Double(value) / 1000)
        case .counter, .gauge, .histogram: String(value)
        }
    }
}

/// Writes Prometheus' text format.
struct MetricsPage {
    private(set) var bytes: [UInt8] = []

    mutating func head(_ spec: MetricSpec) {
        let help = spec.help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
        append("# HELP \(spec.name) \(help)\n# TYPE \(spec.name) \(spec.typeName)\n")
    }

    mutating func sample(_ name: String, _ labels: [(name: String, value: String)], _ value: String) {
        append(name)
        if !labels.isEmpty {
            append("{" + labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",") + "}")
        }
        append(" \(value)\n")
    }

    mutating func histogram(_ name: String, _ histogram: Histogram, scale: Int) {
        var count = 0
        for (bucket, bound) in zip(histogram.buckets, histogram.bounds) {
            count += bucket.value
            sample(name + "_bucket", [("le", Self.number(bound, scale: scale))], String(count))
        }
        count += histogram.buckets.last?.value ?? 0
        sample(name + "_bucket", [("le", "+Inf")], String(count))
        sample(name + "_sum", [], Self.number(histogram.sum.value, scale: scale))
        sample(name + "_count", [], String(count))
    }

    private mutating func append(_ text: String) { bytes += text.utf8 }

    private static func number(_ value: Int, scale: Int) -> String {
        scale == 1 || value % scale == 0 ? String(value / scale) : String(Double(value) / Double(scale))
    }

    /// A label's value: backslash, quote and line feed are escaped, as the format demands.
    static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
