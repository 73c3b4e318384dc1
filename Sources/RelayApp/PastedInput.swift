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
        } else if let mark = trimmed.firstIndex(of: "?"), trimmed[..<mark].hasSuffix("/g/collect") {
            route = .ga4Collect
            let parts = trimmed[trimmed.index(after: mark)...].split(separator: "\n", maxSplits: 1)
            query = parts.first.map { $0.trimmingCharacters(in: .whitespaces) } ?? ""
            body = parts.count > 1 ? String(parts[1]) : ""
        } else {
            throw Explainer.Unreadable(
                description: "not a JSON object and not the URL of a /g/collect hit; "
                    + "paste a Segment call or batch, a Measurement Protocol body, or a hit's URL")
        }
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
