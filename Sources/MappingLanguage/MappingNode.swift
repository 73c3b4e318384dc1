/// A compiled mapping: what ``MappingRun`` walks. Texts are bytes, constant paths and templates are taken apart, and
/// what every event would fail on in a branch that not every event takes is a ``fail(_:)``.
indirect enum MappingNode: Sendable {
    case constant(Resolved)
    case list([MappingNode])
    case object([MappingNodeMember])
    case path(EventPath)
    /// A path that a directive gives.
    case pathFrom(MappingNode, place: String)
    case template(TemplateText)
    /// A template that a directive gives, or whose triple braces may bring in further placeholders.
    case templateFrom(MappingNode, place: String)
    case condition(MappingCondition, then: MappingNode, otherwise: MappingNode)
    case letterCase(LetterCase?, MappingNode, place: String)
    case replace(Replacement, MappingNode)
    /// The value of the first node; where that is a list or an object, with one shape per element.
    case arrayPath(MappingNode, shape: MappingNode?)
    case merge([MappingNode], direction: MappingNode)
    case flatten(MappingNode, separator: MappingNode, omitsLists: Bool, place: String)
    case encodeJSON(MappingNode)
    case decodeJSON(MappingNode)
    case transform(apply: MappingNode, mapping: MappingNode, place: String)
    case excludeWhenNull(MappingNode)
    /// Resolved for its faults only.
    case discarded(MappingNode)
    case fail(String)

    static let absent = MappingNode.constant(.absent)

    var constant: Resolved? {
        if case .constant(let value) = self { value } else { nil }
    }
}

struct MappingNodeMember: Sendable {
    let key: [UInt8]
    let value: MappingNode
}

/// The condition of `@if`.
enum MappingCondition: Sendable {
    case exists(MappingNode)
    /// `blank`, which despite its name holds for values that are not blank.
    case notBlank(MappingNode)
}

enum LetterCase: String, Sendable {
    case lower, upper
}
