import Foundation
import Settings

/// `POST /api/explain`: what a pasted event or request becomes, as `pinrelay explain --json` says it. Nothing is sent,
/// stored or counted; the answer shows values in clear, since they were pasted.
struct ExplainService: Sendable {
    private static let names: Set = ["as", "source", "at"]

    private let settings: @Sendable () -> RelaySettings

    /// - Parameter settings: those in force.
    init(_ settings: @escaping @Sendable () -> RelaySettings) { self.settings = settings }

    /// - Parameters:
    ///   - text: a request's body; that of the page's form begins with the field's name.
    ///   - parameters: those of the query, with the names of the command's options.
    func answer(_ text: String, parameters: [String: String]) -> DeadLetterAnswer {
        do {
            let field = "input="
            let input = text.hasPrefix(field) ? String(text.dropFirst(field.count)) : text
            let explanation = try Explainer(settings: settings()).explain(input, try Self.options(parameters))
            return DeadLetterAnswer(status: 200, body: explanation.json)
        } catch let error as DeadLetterFault {
            return .fault(400, "invalid_query", error.message)
        } catch let error as Explainer.UnknownSource {
            return .fault(400, "unknown_source", error.description)
        } catch let error as Explainer.Unreadable {
            return .fault(400, "unreadable", error.description)
        } catch {
            return .fault(500, "explain_failed", "the input could not be explained")
        }
    }

    private static func options(_ parameters: [String: String]) throws(DeadLetterFault) -> Explainer.Options {
        var options = Explainer.Options()
        for (name, value) in parameters {
            switch name {
            case "as":
                options.kind = PastedKind(rawValue: value)
                let kinds = PastedKind.allCases.map(\.rawValue).joined(separator: ", ")
                if options.kind == nil { throw DeadLetterFault(message: "as takes one of \(kinds)") }
            case "at":
                options.receivedAtMicros = WrittenTime.micros(value)
                if options.receivedAtMicros == nil {
                    throw DeadLetterFault(message: "at takes a time such as 2026-05-01T12:00:00Z")
                }
            case "source": options.source = value
            default:
                throw DeadLetterFault(
                    message: "there are the parameters \(names.sorted().joined(separator: ", "))")
            }
        }
        return options
    }
}
