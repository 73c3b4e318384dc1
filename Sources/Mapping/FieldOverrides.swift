import MappingLanguage
import RelayModel

/// What a mapping of the configuration sets for one event: nodes on its tape, by field.
struct FieldOverrides {
    /// The mapping's name, for `explain`.
    var mapping = ""
    /// The paths of the event that it reads.
    private(set) var paths: [String] = []
    private var plainPaths: [MappedField: String] = [:]
    /// The fields that are set, by a value or by none.
    private(set) var fields = FieldSet()
    /// For each product.
    private(set) var items: CompiledMapping?
    private var fixedItems = FieldSet()
    /// An `event_name` that is not the same for all events.
    private(set) var eventName: TapeNode?
    /// The result held a key that is no field.
    private(set) var holdsStranger = false
    private var values: [(field: MappedField, node: TapeNode)] = []

    init() {}

    init(mapping: String, _ fields: FieldMapping) {
        self.mapping = mapping
        (paths, plainPaths) = (fields.paths, fields.plainPaths)
        items = fields.items
        fixedItems = fields.fixedItems
        self.fields = fields.fixed
    }

    /// Where a field comes from, for `explain`: the path that it is no more than, or the mapping.
    func origin(of field: MappedField) -> String { plainPaths[field] ?? "mapping \(mapping)" }

    /// The value of a field that is set; nil where it is set to nothing.
    func value(of field: MappedField) -> TapeNode? { values.last { $0.field == field }?.node }

    /// Takes over the members of a result, or of one of its objects. A key of the result may hold a dotted name, as
    /// `@flatten` makes them.
    mutating func read(_ object: TapeNode, _ scope: FieldNames.Scope, on tape: borrowing EventTape) {
        var cursor = tape.firstMember(object)
        while let member = cursor {
            read(member.value, named: tape.key(member), scope, tape)
            cursor = tape.nextMember(after: member, in: object)
        }
    }

    private mutating func read(
        _ value: TapeNode, named key: TextRef, _ scope: FieldNames.Scope, _ tape: borrowing EventTape
    ) {
        let name = tape.text.span.extracting(key.range)
        if let field = FieldNames.field(name, in: scope) { return set(field, value, tape) }
        guard scope == .event else { return holdsStranger = true }
        if name.matches("event_name") { return eventName = value }
        if let inner = FieldNames.scope(named: name) { return read(value, inner, on: tape) }
        if let dot = name.firstIndex(of: UInt8(ascii: "."), from: 0),
            let inner = FieldNames.scope(named: name.extracting(0..<dot))
        {
            return read(value, named: key.part(dot + 1..<name.count), inner, tape)
        }
        if !FieldNames.ignored.contains(tape.copyString(key)) { holdsStranger = true }
    }

    private mutating func set(_ field: MappedField, _ value: TapeNode, _ tape: borrowing EventTape) {
        fields.insert(field)
        values.removeAll { $0.field == field }
        if tape.kind(value) != .null { values.append((field, value)) }
    }

    /// Runs the products' own mapping on one product and takes its result in the place of the last one's.
    mutating func resolveItem(_ product: TapeNode, on tape: inout EventTape) throws(MappingRunFault) {
        guard let items else { return }
        for field in Self.itemFields {
            values.removeAll { $0.field == field }
            if fixedItems.contains(field) { fields.insert(field) } else { fields.remove(field) }
        }
        guard let result = try items.resolve(product, on: &tape) else { return }
        read(result, .item, on: tape)
        // An id stands under one of two names, by where the product comes from.
        guard fields.contains(.contentsItemID) else { return }
        fields.insert(.itemID)
        if let id = value(of: .contentsItemID) { values.append((.itemID, id)) }
    }

    private static let itemFields: [MappedField] = [
        .itemID, .contentsItemID, .itemName, .itemPrice, .itemQuantity, .itemCategory, .itemBrand,
    ]
}
