import Foundation
import HTTPIngress
import Intake

/// JSON that somebody pasted: which input's it is, and the call that would bring it. The text itself is passed on as it
/// stands, so that its numbers stay what they are.
enum PastedJSON {
    private static let segmentTypes = ["track", "page", "screen", "identify", "group", "alias"]

    static func value(_ text: String) throws -> Any {
        do {
            return try JSONSerialization.jsonObject(with: Data(text.utf8), options: [.fragmentsAllowed])
        } catch {
            let said = (error as NSError).userInfo["NSDebugDescription"] as? String
            throw Explainer.Unreadable(description: "the JSON cannot be read" + (said.map { ": \($0)" } ?? ""))
        }
    }

    static func kind(of text: String) throws -> PastedKind {
        let sample = lines(of: text)?.first ?? text
        var json = try value(sample)
        if let list = json as? [Any] { json = list.first ?? [String: Any]() }
        guard let object = json as? [String: Any], let kind = kind(of: object) else {
            throw Explainer.Unreadable(
                description: "the JSON is no Segment call, no Measurement Protocol body, no event data, no "
                    + "Pinterest-shaped event and no HTTP archive; --as says which it is meant to be")
        }
        return kind
    }

    private static func kind(of object: [String: Any]) -> PastedKind? {
        if HARFile.holds(object) { return .har }
        if object["batch"] != nil { return .segment }
        if object["events"] != nil { return .measurementProtocol }
        if object["data"] is [Any] { return .pinterest }
        if object["event_name"] != nil { return isPinterestShaped(object) ? .pinterest : .eventData }
        if object["params"] is [String: Any], object["name"] != nil { return .measurementProtocol }
        if let type = object["type"] as? String, segmentTypes.contains(type) { return .segment }
        let segmentKeys = ["event", "properties", "traits", "context", "userId", "anonymousId", "messageId"]
        return segmentKeys.contains { object[$0] != nil } ? .segment : nil
    }

    /// Both shapes have `event_name` and `user_data`; only the upstream's nests the rest in `custom_data`, and asks for
    /// time and source of the action.
    private static func isPinterestShaped(_ object: [String: Any]) -> Bool {
        if object["custom_data"] is [String: Any] { return true }
        let ofEventData = ["client_id", "page_location", "items", "ip_override", "user_agent", "x-ga-measurement_id"]
        guard !ofEventData.contains(where: { object[$0] != nil }) else { return false }
        return object["action_source"] != nil && object["event_time"] != nil
    }

    /// JSON lines: one object a line, as logs keep them.
    /// - Returns: nil when the text is one value.
    static func lines(of text: String) -> [String]? {
        let lines = text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }
        guard lines.count > 1, lines.allSatisfy({ $0.hasPrefix("{") && $0.hasSuffix("}") }) else { return nil }
        return (try? value(text)) == nil ? lines : nil
    }

    // MARK: Calls

    static func segmentCall(_ text: String) throws -> PastedCall {
        let json = try value(text)
        if json is [Any] { return call("/v1/batch", "{\"batch\":\(text)}") }
        let object = json as? [String: Any] ?? [:]
        if object["batch"] != nil { return call("/v1/batch", text) }
        let type = object["type"] as? String ?? "track"
        return call("/v1/\(segmentTypes.contains(type) ? type : "track")", text)
    }

    static func measurementProtocolCall(_ text: String) throws -> PastedCall {
        let json = try value(text)
        let isBody = (json as? [String: Any])?["events"] != nil
        return call("/mp/collect", isBody ? text : "{\"events\":\(text)}")
    }

    static func pinterestCall(_ text: String) throws -> PastedCall {
        let json = try value(text)
        if json is [Any] { return call("/v5/ad_accounts/0/events", "{\"data\":\(text)}") }
        let isBody = (json as? [String: Any])?["data"] != nil
        return call("/v5/ad_accounts/0/events", isBody ? text : "{\"data\":[\(text)]}")
    }

    private static func call(_ path: String, _ body: String) -> PastedCall {
        var request = PastedRequest(url: path)
        request.body = Array(body.utf8)
        // Only a Segment body has a place for a key of its own.
        let credentials: PastedCall.Credentials = path.hasPrefix("/v1/") ? .assumed : .none
        return PastedCall(content: .request(request), credentials: credentials)
    }
}
