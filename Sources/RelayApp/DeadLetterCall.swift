import Foundation
import Journal

/// A question about dead letters, or the order to replay some: the same on the admin port and on the command line.
public struct DeadLetterCall: Sendable, Equatable {
    public enum Route: Sendable, Equatable { case list, show(Int64), replay }

    public var route: Route
    /// By the names of the admin port's query.
    public var parameters: [String: String]

    public init(_ route: Route, parameters: [String: String] = [:]) {
        self.route = route
        self.parameters = parameters
    }

    /// The admin port's target for it. A replay's parameters travel in the body.
    var target: String {
        switch route {
        case .replay: return "/api/dead-letters/replay"
        case .show(let id): return "/api/dead-letters/\(id)"
        case .list:
            var parts = URLComponents()
            parts.path = "/api/dead-letters"
            let items = parameters.sorted { $0.key < $1.key }.map { URLQueryItem(name: $0.key, value: $0.value) }
            if !items.isEmpty { parts.queryItems = items }
            // A plus sign is a space to some readers.
            return (parts.string ?? parts.path).replacing("+", with: "%2B")
        }
    }

    var body: [UInt8] {
        guard route == .replay else { return [] }
        return [UInt8]((try? JSONSerialization.data(withJSONObject: parameters)) ?? Data())
    }
}

/// What is wrong with a question; for people.
struct DeadLetterFault: Error {
    var message: String
}

extension DeadLetterCall {
    /// - Parameter target: path and query as in the request line.
    static func parameters(ofQuery target: String) throws(DeadLetterFault) -> [String: String] {
        guard let parts = URLComponents(string: target) else {
            throw DeadLetterFault(message: "the query is unreadable")
        }
        var found: [String: String] = [:]
        for item in parts.queryItems ?? [] where found.updateValue(item.value ?? "", forKey: item.name) != nil {
            throw DeadLetterFault(message: "\(item.name) stands there twice")
        }
        return found
    }

    /// A JSON object of texts, numbers and booleans; an empty body is an empty object.
    static func parameters(ofBody body: [UInt8]) throws(DeadLetterFault) -> [String: String] {
        if body.isEmpty { return [:] }
        guard let object = try? JSONDecoder().decode([String: Scalar].self, from: Data(body)) else {
            throw DeadLetterFault(message: "the body is no JSON object of texts, whole numbers and booleans")
        }
        return object.mapValues(\.text)
    }

    private struct Scalar: Decodable {
        let text: String

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if let flag = try? value.decode(Bool.self) {
                text = flag ? "true" : "false"
            } else if let number = try? value.decode(Int64.self) {
                text = "\(number)"
            } else {
                text = try value.decode(String.self)
            }
        }
    }
}

/// The parameters of a ``DeadLetterCall``, read and checked: a misspelt filter must not replay everything.
struct DeadLetterQuery {
    static let filterNames: Set = ["destination", "source", "reason", "event_name", "since", "until", "id"]

    private let parameters: [String: String]
    private let nowMillis: Int64

    /// - Parameter names: those that have a meaning, besides the filters.
    init(_ parameters: [String: String], names: Set<String>, nowMillis: Int64) throws(DeadLetterFault) {
        for name in parameters.keys.sorted() where !names.contains(name) && !Self.filterNames.contains(name) {
            let known = names.union(Self.filterNames).sorted().joined(separator: ", ")
            throw DeadLetterFault(message: "\(name) is unknown; there are \(known)")
        }
        self.parameters = parameters
        self.nowMillis = nowMillis
    }

    func filter() throws(DeadLetterFault) -> DeadLetterFilter {
        var filter = DeadLetterFilter()
        filter.destination = parameters["destination"]
        filter.source = parameters["source"]
        filter.reason = parameters["reason"]
        filter.eventName = parameters["event_name"]
        filter.sinceMillis = try time("since")
        filter.untilMillis = try time("until")
        filter.id = try number("id")
        return filter
    }

    func number(_ name: String) throws(DeadLetterFault) -> Int64? {
        guard let text = parameters[name] else { return nil }
        guard let number = Int64(text), number >= 0 else {
            throw DeadLetterFault(message: "\(name) is no whole number")
        }
        return number
    }

    func flag(_ name: String) throws(DeadLetterFault) -> Bool {
        switch parameters[name] {
        case nil, "false", "0": return false
        case "true", "1", "": return true
        default: throw DeadLetterFault(message: "\(name) is neither true nor false")
        }
    }

    /// A time as RFC 3339 has it, a day, seconds since 1970, or an age such as `90m` or `2d`; milliseconds since 1970.
    private func time(_ name: String) throws(DeadLetterFault) -> Int64? {
        guard let text = parameters[name] else { return nil }
        if let seconds = Int64(text), (0...100_000_000_000).contains(seconds) { return seconds * 1000 }
        if let unit = text.last.flatMap({ Self.unitSeconds[$0] }), let count = Int64(text.dropLast()),
            (0...1_000_000).contains(count)
        {
            return nowMillis - count * unit * 1000
        }
        let format = ISO8601DateFormatter()
        for options: ISO8601DateFormatter.Options in [.withInternetDateTime, .withFullDate] {
            format.formatOptions = options
            if let date = format.date(from: text) { return Int64(date.timeIntervalSince1970) * 1000 }
        }
        throw DeadLetterFault(message: "\(name) is no time: give 2026-01-31T12:00:00Z, 2026-01-31, 90m or 2d")
    }

    private static let unitSeconds: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
}
