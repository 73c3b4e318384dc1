/// The directives of the mapping kit. Names are case-sensitive.
enum DirectiveName: String, CaseIterable, Sendable {
    case path = "@path"
    case template = "@template"
    case literal = "@literal"
    case condition = "@if"
    case letterCase = "@case"
    case replace = "@replace"
    case arrayPath = "@arrayPath"
    case merge = "@merge"
    case flatten = "@flatten"
    case json = "@json"
    case transform = "@transform"
    case excludeWhenNull = "@excludeWhenNull"
    case liquid = "@liquid"

    static let liquidRefusal = "is not supported here: write the value with @template, @if, @case and @replace"

    /// The arguments of a directive that takes an object of them; nil for the others.
    var arguments: [DirectiveArgument]? {
        switch self {
        case .path, .template, .literal, .arrayPath, .excludeWhenNull, .liquid: nil
        case .condition: []
        case .letterCase: [.optional("operator", .text), .optional("value", .textOrDirective)]
        case .replace:
            [
                .required("pattern", .textOfLength(1...Replacement.maximumLength)),
                .optional("replacement", .textOfLength(0...Replacement.maximumLength)),
                .required("value", .textOrDirective), .optional("ignorecase", .boolean), .optional("global", .boolean),
            ]
        case .merge: [.required("objects", .objects), .optional("direction", .word(["left", "right"]))]
        case .flatten: [.required("value", .any), .optional("separator", .text)]
        case .json: [.required("mode", .word(["encode", "decode"])), .required("value", .any)]
        case .transform: [.required("apply", .objectOrDirective), .required("mapping", .objectOrDirective)]
        }
    }
}

/// What the validator asks of one argument of a directive. Arguments of other names are ignored.
struct DirectiveArgument: Sendable {
    enum Rule: Sendable {
        case any, text, boolean, textOrDirective, objectOrDirective
        /// Lengths count UTF-16 units, as JavaScript does.
        case textOfLength(ClosedRange<Int>)
        /// One of these in any letter case.
        case word([String])
        /// A list of objects and directives.
        case objects
    }

    let name: String
    let rule: Rule
    let isRequired: Bool

    static func required(_ name: String, _ rule: Rule) -> Self { Self(name: name, rule: rule, isRequired: true) }
    static func optional(_ name: String, _ rule: Rule) -> Self { Self(name: name, rule: rule, isRequired: false) }
}
