import Delivery
import Foundation
import Mapping
import RelayModel

/// An event as it would leave, field by field.
public struct ExplainedEvent: Sendable {
    public struct Field: Sendable {
        /// As `user_data.em`.
        public var name: String
        public var value: String
        /// Where it came from; empty where the relay itself gives it.
        public var origin: String
    }

    /// The preset or own mapping that made it.
    public var mapping: String
    public var fields: [Field]
    /// What was left out or repaired: field and text.
    public var warnings: [(field: String, text: String)]
    /// The upstream event, as JSON.
    public var json: String
    /// Why the upstream schema would refuse it; nil when it is accepted.
    public var fault: (reason: String, field: String)?

    init(json: [UInt8], part: MappingTrace.Part?, warnings: [EventWarning], fault: PinterestSchema.Fault?) {
        mapping = part?.mapping ?? ""
        self.json = String(decoding: json, as: UTF8.self)
        self.warnings = warnings.map { ($0.field, $0.kind.text) }
        self.fault = fault.map { ($0.reason.rawValue, $0.field) }
        var origins: [String: [String]] = [:]
        for entry in part?.entries ?? [] { origins[entry.field, default: []].append(entry.origin) }
        let object = (try? JSONSerialization.jsonObject(with: Data(json))) as? [String: Any] ?? [:]
        fields = Self.flattened(object, path: "").map { name, value in
            Field(name: name, value: value, origin: (origins[name] ?? []).joined(separator: ", "))
        }
    }

    private static func flattened(_ object: [String: Any], path: String) -> [(String, String)] {
        object.sorted { $0.key < $1.key }.flatMap { key, value -> [(String, String)] in
            let name = path.isEmpty ? key : "\(path).\(key)"
            if let inner = value as? [String: Any] { return flattened(inner, path: name) }
            return [(name, text(value))]
        }
    }

    private static func text(_ value: Any) -> String {
        if let text = value as? String { return text }
        let options: JSONSerialization.WritingOptions = [.fragmentsAllowed, .sortedKeys, .withoutEscapingSlashes]
        let data = try? JSONSerialization.data(withJSONObject: value, options: options)
        return data.map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}
