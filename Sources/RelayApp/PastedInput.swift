import Foundation
import Intake
import Settings

/// What somebody pasted for `explain`, told apart by its form.
struct PastedInput {
    var route: IntakeRoute
    var query = ""
    var body = ""

    var sourceKind: SourceSettings.Kind {
        switch route {
        case .segment, .pinterestEvents: .segment
        case .ga4Collect, .measurementProtocol, .measurementProtocolDebug: .ga4
        }
    }

    init(_ text: String) throws {
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        if trimmed.hasPrefix("{") {
            route = try Self.route(ofJSON: trimmed)
            body = trimmed
        } else if let call = Self.call(trimmed) {
            self = call
        } else {
            throw Explainer.Unreadable(
                description: "not a JSON object and not a hit's URL (with its query, and the body behind it); "
                    + "paste a Segment call or batch, a Measurement Protocol body, or a hit's URL")
        }
    }

    private init(route: IntakeRoute, query: String, body: String) {
        (self.route, self.query, self.body) = (route, query, body)
    }

    /// A URL with a query in the first line, a body in those behind it. Hits have many paths; only the Measurement
    /// Protocol's is told from them.
    private static func call(_ text: String) -> PastedInput? {
        let lines = text.split(separator: "\n", maxSplits: 1)
        guard let url = lines.first, let mark = url.firstIndex(of: "?"), url[..<mark].contains("/") else { return nil }
        guard !url[..<mark].contains(where: \.isWhitespace) else { return nil }
        return PastedInput(
            route: url[..<mark].hasSuffix("/mp/collect") ? .measurementProtocol : .ga4Collect,
            query: url[url.index(after: mark)...].trimmingCharacters(in: .whitespaces),
            body: lines.count > 1 ? String(lines[1]) : "")
    }

    private static func route(ofJSON text: String) throws -> IntakeRoute {
        guard let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] else {
            throw Explainer.Unreadable(description: "the JSON cannot be read")
        }
        if object["events"] != nil { return .measurementProtocol }
        if object["data"] != nil { return .pinterestEvents }
        if object["batch"] != nil { return .segment(.batch) }
        switch object["type"] as? String {
        case "page": return .segment(.page)
        case "screen": return .segment(.screen)
        case "identify": return .segment(.identify)
        case "group": return .segment(.group)
        case "alias": return .segment(.alias)
        default: return .segment(.track)
        }
    }
}
