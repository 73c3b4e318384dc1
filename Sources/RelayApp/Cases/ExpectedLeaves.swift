import RelayModel
import Settings

/// What a case expects of one place of a Pinterest event.
enum ExpectedValue: Equatable {
    case text(String)
    /// The SHA-256 of this text.
    case hashOf(String)
    case present
    case absent
}

/// An expected event, taken apart into its leaves.
///
/// A person field is written in clear, in its normal form (`em: ann@shop.example`), and compared by its hash; 64 hex
/// digits stand for themselves. `{ clear: x }` expects the hash of x anywhere, `{ hashed: x }` the hash itself,
/// `{ any: true }` any value, and null none.
struct ExpectedLeaves {
    private(set) var leaves: [(path: String, value: ExpectedValue)] = []
    /// How many elements each list has.
    private(set) var listCounts: [(path: String, count: Int)] = []

    private static let personFields: Set = [
        "user_data.em", "user_data.ph", "user_data.fn", "user_data.ln", "user_data.ge", "user_data.db", "user_data.ct",
        "user_data.st", "user_data.zp", "user_data.country", "user_data.external_id", "user_data.hashed_maids",
    ]
    private static let listFields = personFields.union(["custom_data.content_ids"])
    /// How a value is written that is not given as it is.
    private static let helpers: Set = ["clear", "hashed", "any"]

    init(_ node: CaseNode) { collect(node, "", isPersonal: false) }

    private mutating func collect(_ node: CaseNode, _ path: String, isPersonal: Bool) {
        // A single value stands for a list of one.
        if Self.listFields.contains(path), node.items == nil, !Self.isNull(node) {
            return collect(CaseNode(items: [node], line: node.line), path, isPersonal: isPersonal)
        }
        switch node.content {
        case .null: leaves.append((path, .absent))
        case .list(let items):
            listCounts.append((path, items.count))
            let isPersonal = Self.personFields.contains(path)
            for (index, item) in items.enumerated() { collect(item, "\(path)[\(index)]", isPersonal: isPersonal) }
        case .map(let members):
            if members.count == 1, Self.helpers.contains(members[0].key) {
                return leaves.append((path, Self.helped(members[0])))
            }
            for member in members {
                collect(member.value, path.isEmpty ? member.key : "\(path).\(member.key)", isPersonal: false)
            }
        case .bool, .number, .text:
            leaves.append((path, Self.scalar(node.scalar ?? "", path, isPersonal: isPersonal)))
        }
    }

    private static func isNull(_ node: CaseNode) -> Bool {
        if case .null = node.content { true } else { false }
    }

    private static func helped(_ member: CaseNode.Member) -> ExpectedValue {
        let text = member.value.scalar ?? ""
        switch member.key {
        case "clear": return .hashOf(text)
        case "hashed": return .text(text.lowercased())
        default: return text == "false" ? .absent : .present
        }
    }

    private static func scalar(_ text: String, _ path: String, isPersonal: Bool) -> ExpectedValue {
        if path == "event_time", Int64(text) == nil, let micros = WrittenTime.micros(text) {
            return .text("\(micros / 1_000_000)")
        }
        guard isPersonal else { return .text(text) }
        return HashedValue(hex: ArraySlice(text.utf8)).map { .text($0.hex) } ?? .hashOf(text)
    }
}
