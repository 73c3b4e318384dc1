import JSONTape
import RelayModel

/// A scalar of a JSON value with its path, or a list of scalars.
struct JSONLeaf: Equatable {
    /// As `properties.products[0].price`.
    var path: String
    /// One text; for a list one for each element.
    var texts: [String]
}

/// Takes JSON apart into its leaves, in the order of the text.
enum JSONLeaves {
    /// - Parameter joinsLists: a list of scalars is one leaf, and not one for each element.
    static func of(_ node: TapeNode, on tape: borrowing EventTape, joinsLists: Bool) -> [JSONLeaf] {
        var leaves: [JSONLeaf] = []
        collect(node, "", joinsLists, tape, &leaves)
        return leaves
    }

    /// The same for the relay's own output; empty for what is no JSON.
    static func of(json: [UInt8], joinsLists: Bool) -> [JSONLeaf] {
        var tape = EventTape()
        let parser = JSONTapeParser()
        guard let root = try? parser.parse(json.span, onto: &tape) else { return [] }
        return of(root, on: tape, joinsLists: joinsLists)
    }

    private static func collect(
        _ node: TapeNode, _ path: String, _ joinsLists: Bool, _ tape: borrowing EventTape, _ leaves: inout [JSONLeaf]
    ) {
        switch tape.kind(node) {
        case .object:
            var cursor = tape.firstMember(node)
            while let member = cursor {
                let key = tape.copyString(tape.key(member))
                collect(member.value, path.isEmpty ? key : "\(path).\(key)", joinsLists, tape, &leaves)
                cursor = tape.nextMember(after: member, in: node)
            }
        case .array:
            if joinsLists, let texts = scalars(of: node, tape) {
                if !texts.isEmpty { leaves.append(JSONLeaf(path: path, texts: texts)) }
                return
            }
            var index = 0
            var cursor = tape.firstElement(node)
            while let element = cursor {
                collect(element, "\(path)[\(index)]", joinsLists, tape, &leaves)
                index += 1
                cursor = tape.nextElement(after: element, in: node)
            }
        case .null: break
        case .string, .number, .bool: leaves.append(JSONLeaf(path: path, texts: [text(node, tape)]))
        }
    }

    /// Nil when one of the elements is no scalar.
    private static func scalars(of list: TapeNode, _ tape: borrowing EventTape) -> [String]? {
        var texts: [String] = []
        var cursor = tape.firstElement(list)
        while let element = cursor {
            switch tape.kind(element) {
            case .object, .array: return nil
            case .null: break
            case .string, .number, .bool: texts.append(text(element, tape))
            }
            cursor = tape.nextElement(after: element, in: list)
        }
        return texts
    }

    private static func text(_ node: TapeNode, _ tape: borrowing EventTape) -> String {
        switch tape.kind(node) {
        case .string: tape.copyString(tape.string(node))
        case .bool: tape.bool(node) == true ? "true" : "false"
        default: tape.copyNumberText(node)
        }
    }
}
