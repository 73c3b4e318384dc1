/// The type of one key's value.
indirect enum SchemaType: Sendable {
    /// Text of at most so many characters.
    case text(max: Int = .max)
    case choice([StaticString])
    case integer(ClosedRange<Int64> = .min ... .max)
    case bool
    /// An array of texts.
    case texts(max: Int = .max)
    case object(ObjectSchema)
    /// An array of objects.
    case objects(ObjectSchema, count: ClosedRange<Int> = 0...(.max))
}

/// One key of an object.
struct SchemaField: Sendable {
    let name: StaticString
    let type: SchemaType
    let isRequired: Bool
    let isNullable: Bool

    static func required(_ name: StaticString, _ type: SchemaType) -> SchemaField {
        SchemaField(name: name, type: type, isRequired: true, isNullable: false)
    }

    static func optional(_ name: StaticString, _ type: SchemaType) -> SchemaField {
        SchemaField(name: name, type: type, isRequired: false, isNullable: false)
    }

    static func nullable(_ name: StaticString, _ type: SchemaType) -> SchemaField {
        SchemaField(name: name, type: type, isRequired: false, isNullable: true)
    }
}

/// The keys of one kind of object; at most 64, so that a word can say which were seen.
struct ObjectSchema: Sendable {
    let fields: [SchemaField]
    /// A closed object takes no other key.
    let isClosed: Bool
    /// One of these sets of keys must be there; empty for "no such rule".
    let alternatives: [UInt64]
    let requiredMask: UInt64
    /// The fields' indices by the length of their names.
    private let byLength: [[Int]]

    init(_ fields: [SchemaField], isClosed: Bool = true, alternatives: [[StaticString]] = []) {
        precondition(fields.count <= 64, "one bit for each key")
        self.fields = fields
        self.isClosed = isClosed
        requiredMask = fields.indices.reduce(0) { $0 | (fields[$1].isRequired ? 1 << UInt64($1) : 0) }
        self.alternatives = alternatives.map { names in
            fields.indices.reduce(0) { mask, index in
                names.contains { $0.description == fields[index].name.description } ? mask | 1 << UInt64(index) : mask
            }
        }
        var byLength: [[Int]] = []
        for (index, field) in fields.enumerated() {
            while byLength.count <= field.name.utf8CodeUnitCount { byLength.append([]) }
            byLength[field.name.utf8CodeUnitCount].append(index)
        }
        self.byLength = byLength
    }

    /// The index of the field of this name.
    func index(of name: ArraySlice<UInt8>) -> Int? {
        guard name.count < byLength.count else { return nil }
        return byLength[name.count].first { fields[$0].name.equals(name) }
    }
}

extension StaticString {
    func equals(_ bytes: ArraySlice<UInt8>) -> Bool {
        // A static string's bytes live as long as the program.
        unsafe bytes.elementsEqual(UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount))
    }
}
