// Match quality: how many of the events that are to be sent carry which identifier.
//
// An event is counted once, under the set of its identifiers; what the page shows, a sum for each identifier, is made
// of these sets when the page is asked for. So an event costs one increment, whatever it carries.
extension RelayMetrics {
    /// Events of a source that are to be sent with exactly these identifiers.
    /// - Parameter nameCode: a ``StandardEvent`` raw value, or 255 for an advertiser-defined name.
    public func sendable(source: Int, nameCode: UInt8, _ identifiers: MatchIdentifiers) -> Counter {
        let row = source * MetricLayout.eventNameCount + MetricLayout.eventNamePosition(nameCode)
        return Counter(cell: matches[row * MatchIdentifiers.setCount + Int(identifiers.rawValue)])
    }

    /// Sums the sets up, for the page.
    func sumMatches() {
        let bits = MatchIdentifiers.labels.count
        for row in 0..<matches.count / MatchIdentifiers.setCount {
            var sums = Array(repeating: 0, count: bits)
            var all = 0
            for set in 0..<MatchIdentifiers.setCount {
                let count = matches[row * MatchIdentifiers.setCount + set].value
                if count == 0 { continue }
                all += count
                for bit in 0..<bits where set & 1 << bit != 0 { sums[bit] += count }
            }
            cell(.eventsSendable, row).set(all)
            for bit in 0..<bits { cell(.eventsIdentified, row * bits + bit).set(sums[bit]) }
        }
    }

    /// False for series of an event name that the source has never sent: most of them, as a rule.
    func occurs(_ metric: RelayMetric, _ position: Int) -> Bool {
        switch metric {
        case .requests, .eventsSendable: cell(metric, position).value != 0
        case .eventsIdentified: cell(.eventsSendable, position / MatchIdentifiers.labels.count).value != 0
        default: true
        }
    }
}
