import Foundation
import RelayTestKit
import Testing

/// Every metric of `deploy/metrics.md` (which another test holds against the code) is seen moving.
@Suite("Every metric moves")
struct MetricsMovingTests {
    private static func described() throws -> [String] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "deploy/metrics.md"), encoding: .utf8)
        return page.split(separator: "\n").compactMap { line in
            line.firstMatch(of: /^\| `([a-z_]+)` \| (counter|gauge|histogram) \|/).map { String($0.1) }
        }
    }

    @Test("each metric of the page is in one scenario, or named with the test that moves it; nothing else is")
    func complete() throws {
        let described = try Self.described()
        let held = MetricScenario.allCases.flatMap(\.metrics) + MetricScenario.elsewhere.keys
        #expect(Set(described).subtracting(held).sorted() == [], "no scenario of MetricScenario moves these")
        #expect(Set(held).subtracting(described).sorted() == [], "metrics.md does not describe these")
        #expect(Set(held).count == held.count)
    }

    @Test("a relay that goes through it shows other numbers than before", arguments: MetricScenario.allCases)
    func moves(_ scenario: MetricScenario) throws {
        if scenario == .slowDisk, DiskFaults.compiler == nil { return }
        let pages = try scenario.play()
        for metric in scenario.metrics {
            #expect(Set(pages.map { $0.sum(of: metric) }).count > 1, "\(metric) stands still: \(scenario)")
        }
    }
}
