import Foundation

@testable import PinterestSandbox

/// A fixed "now": 2026-01-01 00:00:00 UTC.
let now: Int64 = 1_767_225_600
let hash = String(repeating: "0123456789abcdef", count: 4)
let address = #"{"client_ip_address":"203.0.113.9","client_user_agent":"Mozilla/5.0"}"#

/// One event as JSON text. What is nil is left out.
func event(
    name: String? = #""page_visit""#, source: String? = #""web""#, time: String? = "\(now)", id: String? = #""e1""#,
    user: String? = address, more: String = ""
) -> String {
    let keys = [
        ("event_name", name), ("action_source", source), ("event_time", time), ("event_id", id), ("user_data", user),
    ]
    let members = keys.compactMap { key, value in value.map { "\"\(key)\":\($0)" } }
    return "{" + (members + (more.isEmpty ? [] : [more])).joined(separator: ",") + "}"
}

func body(_ events: String...) -> String { body(events) }

func body(_ events: [String]) -> String { "{\"data\":[" + events.joined(separator: ",") + "]}" }

func call(
    path: String = "/v5/ad_accounts/549755885175/events", query: String = "", method: String = "POST",
    authorization: String? = "Bearer t0", contentType: String? = "application/json"
) -> SandboxCall {
    SandboxCall(
        method: method, path: path, query: query, authorization: authorization, contentType: contentType)
}

func verdict(
    _ body: String, _ call: SandboxCall = call(), settings: SandboxSettings = SandboxSettings(token: "t0")
) -> SandboxVerdict {
    var contract = SandboxContract(settings)
    return contract.judge(call, body: Array(body.utf8).span, now: now)
}

/// The object that a JSON text holds; empty when it holds none.
func object(_ json: [UInt8]) -> [String: Any] {
    (try? JSONSerialization.jsonObject(with: Data(json))) as? [String: Any] ?? [:]
}

extension SandboxVerdict {
    var json: [String: Any] { object(body) }
    var code: Int? { json["code"] as? Int }
    var message: String { json["message"] as? String ?? "" }

    /// The entries of `events`, from the top or from `details`.
    var entries: [[String: Any]] {
        let outcome = json["details"] as? [String: Any] ?? json
        return outcome["events"] as? [[String: Any]] ?? []
    }

    func text(_ key: String, at index: Int = 0) -> String {
        entries.indices.contains(index) ? entries[index][key] as? String ?? "" : ""
    }
}
