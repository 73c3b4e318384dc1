import Intake
import Testing

@Suite("Intake routes and faults")
struct IntakeRouteTests {
    @Test(
        "paths name their route",
        arguments: [
            ("/v1/track", IntakeRoute.segment(.track)), ("/v1/t", .segment(.track)), ("/v1/b", .segment(.batch)),
            ("/v1/import", .segment(.bulkImport)), ("/v1/m", .segment(.libraryMetrics)), ("/g/collect", .ga4Collect),
            ("/mp/collect", .measurementProtocol), ("/debug/mp/collect", .measurementProtocolDebug),
        ])
    func paths(_ path: String, _ route: IntakeRoute) {
        let found = IntakeRoute(path: Array(path.utf8).span)
        #expect(found == route)
    }

    @Test(
        "other paths name none",
        arguments: ["", "/", "/v1", "/v1/", "/v1/tracks", "/V1/track", "/v1/track/", "/collect"])
    func others(_ path: String) {
        let found = IntakeRoute(path: Array(path.utf8).span)
        #expect(found == nil)
    }

    @Test("every path leads to the adapter that lists its route")
    func served() {
        let routes = SegmentAdapter.routes + GA4WireAdapter.routes + MeasurementProtocolAdapter.routes
        for entry in IntakeRoute.paths { #expect(routes.contains(entry.route)) }
        #expect(Set(routes).count == routes.count)
    }

    @Test("faults have distinct labels, a message and a status", arguments: IntakeFault.allCases)
    func faults(_ fault: IntakeFault) {
        #expect(fault.status == (fault == .bodyTooLarge ? 413 : 400))
        #expect("\(fault.message)".count > 10)
        #expect(fault.rawValue.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "_" })
    }
}
