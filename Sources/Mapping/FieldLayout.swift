import MappingLanguage
import RelayModel

/// The `fields` of a mapping brought into the shape in which they are compiled: dotted names taken apart, the products'
/// own fields apart from the event's, and of Segment's two formats the one that its `data_format` names.
struct FieldLayout {
    /// What is compiled for the event; nil when nothing is set.
    private(set) var event: MappingValue?
    /// What is compiled for each product; nil when nothing is set.
    private(set) var items: MappingValue?
    /// The keys that lead to the products' fields.
    private(set) var itemPrefix: [String] = []
    private(set) var eventName: OutgoingName?
    private(set) var fixed = FieldSet()
    private(set) var fixedItems = FieldSet()
    private(set) var plainPaths: [MappedField: String] = [:]
    var faults = FieldMapping.Faults()
    /// The fields seen, to find one that is set twice.
    private var seen = FieldSet()

    init(_ source: MappingValue) {
        guard case .object(let members) = source else {
            faults.all.append(MappingFault(path: [], message: "expected fields with their values"))
            return
        }
        // A root that is a directive, with or without Segment's framework keys, shows its fields only in its result.
        guard !members.contains(where: { $0.key.hasPrefix("@") || $0.key == Self.rootDirective }) else {
            event = source
            return
        }
        var tree = FieldTree()
        for member in members { tree.add(member.key.split(separator: ".").map(String.init)[...], member.value) }
        keepOneFormat(&tree)
        takeEventName(&tree)
        takeItems(&tree)
        for member in tree.members { note(member, .event, path: []) }
        if !tree.members.isEmpty { event = tree.value }
    }

    private static let rootDirective = "__segment_internal_directive"

    /// Segment's export holds the fields of both formats. Without a word on it, Segment reads the older one.
    private mutating func keepOneFormat(_ tree: inout FieldTree) {
        let format = tree.remove("data_format")
        if format == .text("latest") {
            for name in Self.legacyNames { tree.remove(name) }
        } else if format == .text("legacy") {
            for name in ["custom_data_2", "contents", "app_info", "device_info"] { tree.remove(name) }
        } else if tree.holds("custom_data"), tree.holds("custom_data_2") {
            for name in ["custom_data_2", "contents"] { tree.remove(name) }
        }
        for name in FieldNames.ignored { tree.remove(name) }
    }

    private static let legacyNames = [
        "custom_data", "app_id", "app_name", "app_version", "device_brand", "device_carrier", "device_model",
        "device_type", "os_version",
    ]

    private mutating func takeEventName(_ tree: inout FieldTree) {
        guard case .text(let text)? = tree["event_name"] else { return }
        tree.remove("event_name")
        eventName = OutgoingName(text)
        if eventName == nil {
            faults.all.append(
                MappingFault(path: ["event_name"], message: "is no event name: letters, digits, _ and -, at most 100"))
        }
    }

    /// `contents[].item_price` at the root, or under `custom_data`.
    private mutating func takeItems(_ tree: inout FieldTree) {
        let paths = [["contents[]"], ["custom_data", "contents[]"], ["custom_data_2", "contents[]"]]
        for path in paths {
            guard let value = tree.remove(path[...]) else { continue }
            guard items == nil, case .object(let members) = value else {
                faults.all.append(MappingFault(path: path, message: "expected the fields of each product, once"))
                continue
            }
            (items, itemPrefix) = (value, path)
            for member in members where !member.key.hasPrefix("@") {
                if let field = FieldNames.field(member.key, in: .item) {
                    fixedItems.insert(field)
                } else {
                    faults.unknown.append(path + [member.key])
                }
            }
            if tree.holds("contents") || tree.holds(["custom_data", "contents"][...]) {
                faults.all.append(
                    MappingFault(path: path, message: "set either contents, or the fields of each product"))
            }
        }
    }

    /// The path that a value is, without its mark for the event.
    private static func plainPath(_ value: MappingValue) -> String? {
        guard case .object(let members) = value, members.count == 1, members[0].key == "@path",
            case .text(let path) = members[0].value
        else { return nil }
        return path.hasPrefix("$.") ? String(path.dropFirst(2)) : path
    }

    /// Notes what a member sets; one that is unknown, or a second name of the same field, is a fault.
    private mutating func note(_ member: MappingMember, _ scope: FieldNames.Scope, path: [String]) {
        let path = path + [member.key]
        if let field = FieldNames.field(member.key, in: scope) {
            fixed.insert(field)
            plainPaths[field] = Self.plainPath(member.value)
            if seen.contains(field) {
                faults.all.append(MappingFault(path: path, message: "the field \(field.name) is set twice"))
            }
            return seen.insert(field)
        }
        let bytes = Array(member.key.utf8)
        guard scope == .event, let inner = FieldNames.scope(named: bytes.span) else {
            if scope == .event, member.key == "event_name" { return }
            return faults.unknown.append(path)
        }
        guard case .object(let members) = member.value else {
            return faults.all.append(MappingFault(path: path, message: "expected fields with their values"))
        }
        // A directive in the place of the object shows its fields only in its result.
        guard !members.contains(where: { $0.key.hasPrefix("@") }) else { return }
        for member in members { note(member, inner, path: path) }
    }
}

/// Fields as a tree: members with the same first part of a dotted name share an object.
struct FieldTree {
    private(set) var members: [MappingMember] = []

    var value: MappingValue { .object(members) }

    init() {}

    private init(_ members: [MappingMember]) { self.members = members }

    subscript(name: String) -> MappingValue? { members.first { $0.key == name }?.value }

    func holds(_ name: String) -> Bool { self[name] != nil }

    func holds(_ path: ArraySlice<String>) -> Bool {
        guard let name = path.first, let value = self[name] else { return false }
        guard path.count > 1 else { return true }
        guard case .object(let inner) = value else { return false }
        return FieldTree(inner).holds(path.dropFirst())
    }

    /// Adds a value; where both the old and the new one are plain objects, their members are joined.
    mutating func add(_ path: ArraySlice<String>, _ value: MappingValue) {
        guard let name = path.first else { return }
        var value = value
        if path.count > 1 {
            var inner = FieldTree()
            inner.add(path.dropFirst(), value)
            value = inner.value
        } else if case .object(let inner) = value, !inner.contains(where: { $0.key.hasPrefix("@") }), Self.isScope(name)
        {
            var tree = FieldTree()
            for member in inner { tree.add(member.key.split(separator: ".").map(String.init)[...], member.value) }
            value = tree.value
        }
        guard Self.isScope(name), let index = members.firstIndex(where: { $0.key == name }),
            case .object(let old) = members[index].value, case .object(let new) = value
        else { return members.append(MappingMember(name, value)) }
        var joined = FieldTree(old)
        for member in new { joined.add([member.key], member.value) }
        members[index] = MappingMember(name, joined.value)
    }

    /// The objects whose members are fields; the values of all other keys are the language's.
    private static func isScope(_ name: String) -> Bool {
        ["user_data", "custom_data", "custom_data_2", "contents[]"].contains(name)
    }

    @discardableResult
    mutating func remove(_ name: String) -> MappingValue? { remove([name]) }

    /// Takes a value out; an object that holds nothing more goes too.
    @discardableResult
    mutating func remove(_ path: ArraySlice<String>) -> MappingValue? {
        guard let name = path.first, let index = members.firstIndex(where: { $0.key == name }) else { return nil }
        guard path.count > 1 else { return members.remove(at: index).value }
        guard case .object(let old) = members[index].value else { return nil }
        var inner = FieldTree(old)
        let removed = inner.remove(path.dropFirst())
        guard removed != nil else { return nil }
        if inner.members.isEmpty {
            members.remove(at: index)
        } else {
            members[index] = MappingMember(name, inner.value)
        }
        return removed
    }
}
