import Foundation

/// The times of a case, relative to the whole second in which it is sent: `{{seconds -60}}`, `{{millis -60}}`,
/// `{{micros -60}}`, `{{iso -60}}`, and `{{zoned -60}}` for the same instant on a clock two hours ahead of UTC.
///
/// An event whose time follows from its receipt is expected as `"{{received -60}}"`: any second from sending to answer.
struct GoldenClock {
    private static let forms: [(name: String, write: @Sendable (Int) -> String)] = [
        ("seconds", { "\($0)" }), ("millis", { "\($0)000" }), ("micros", { "\($0)000000" }),
        ("iso", { iso($0, zone: 0) + ".000Z" }), ("zoned", { iso($0, zone: 7_200) + "+02:00" }),
    ]

    let sent: Int

    /// - Returns: the text with its times filled in, `received` ones excepted.
    func fill(_ text: String) -> String {
        Self.forms.reduce(text) { text, form in
            Self.replacing(form.name, in: text) { form.write(sent + $0) }
        }
    }

    /// Fills in each `received` time by the event's actual one where that lies between sending and answer.
    /// - Parameter actual: the times of the events that left, in order.
    func fill(received text: String, answered: Int, actual: [Int]) -> String {
        Self.replacing("\"{{received", closing: "}}\"", in: text) { offset in
            let possible = sent + offset...answered + offset
            return actual.first { possible.contains($0) }.map(String.init) ?? "\"a second of \(possible)\""
        }
    }

    private static func replacing(_ name: String, in text: String, _ value: (Int) -> String) -> String {
        replacing("{{" + name, closing: "}}", in: text, value)
    }

    private static func replacing(
        _ opening: String, closing: String, in text: String, _ value: (Int) -> String
    ) -> String {
        let parts = text.components(separatedBy: opening)
        return parts.dropFirst().reduce(parts[0]) { text, part in
            guard let end = part.range(of: closing) else { return text + opening + part }
            let offset = Int(part[..<end.lowerBound].trimmingCharacters(in: .whitespaces)) ?? 0
            return text + value(offset) + part[end.upperBound...]
        }
    }

    private static func iso(_ seconds: Int, zone: Int) -> String {
        let date = Date(timeIntervalSince1970: TimeInterval(seconds + zone))
        return date.formatted(.iso8601.year().month().day().time(includingFractionalSeconds: false))
            .replacingOccurrences(of: "Z", with: "")
    }
}
