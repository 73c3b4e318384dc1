import RelayModel

// `custom_data` (`mapping.md` 3, 4.6, 9.4).
extension EventMapper {
    mutating func mapCommerce() {
        mapped.custom.orderID = firstText(.orderID)
        mapped.custom.searchString = firstText(.searchString)
        mapped.custom.predictedLTV = firstDecimal(.predictedLTV)?.text ?? .none
        let totals = mapProducts()
        mapContent(totals)
        mapped.custom.currency = first(.currency, readCurrency) ?? (isSet(.currency) ? .none : totals.currency)
        mapped.custom.value = resolveValue(totals)
    }

    /// What the products say together; explicit fields come first.
    private mutating func mapContent(_ totals: ProductTotals) {
        let single = totals.productCount == 1 ? mapped.custom.contents.first : nil
        mapped.custom.contentIDs = first(.contentIDs, readContentIDs) ?? idsOfContents()
        mapped.custom.numItems = firstCount(.numItems) ?? quantity(of: totals)
        mapped.custom.contentName = firstText(.contentName, else: single?.itemName, else: .listName)
        mapped.custom.contentCategory = firstText(.contentCategory, else: single?.itemCategory, else: .listCategory)
        mapped.custom.contentBrand = firstText(.contentBrand, else: single?.itemBrand, else: nil)
    }

    private mutating func quantity(of totals: ProductTotals) -> Int64? {
        guard totals.productCount > 0, !isSet(.numItems) else { return nil }
        record(.numItems, rule: "sum of quantities")
        return totals.quantity
    }

    private mutating func firstText(_ field: MappedField, else own: TextRef?, else other: MappedField?) -> TextRef {
        if let said = first(field, readText) { return said }
        if isSet(field) { return .none }
        if let own, !own.isEmpty {
            record(field, rule: "of the only product")
            return own
        }
        return other.map { firstText($0) } ?? .none
    }

    private mutating func idsOfContents() -> [TextRef] {
        if isSet(.contentIDs) { return [] }
        let ids = mapped.custom.contents.lazy.map(\.id).filter { !$0.isEmpty }
        if !ids.isEmpty { record(.contentIDs, rule: "ids of contents") }
        return Array(ids)
    }
}

/// A list of ids; a text that holds a JSON array, or ids with commas between them (`mapping.md` 3).
private func readContentIDs(_ tape: inout EventTape, _ node: TapeNode) -> [TextRef]? {
    guard let value = tape.unwrapped(node) else { return nil }
    var ids: [TextRef] = []
    switch tape.kind(value) {
    case .string: ids = tape.split(tape.string(value))
    case .number: ids = [tape.numberText(value)]
    case .array:
        var cursor = tape.firstElement(value)
        while let element = cursor {
            if let id = readText(&tape, element) { ids.append(id) }
            cursor = tape.nextElement(after: element, in: value)
        }
    case .object, .bool, .null: break
    }
    ids.removeAll { $0.isEmpty }
    return ids.isEmpty ? nil : ids
}

extension EventTape {
    /// The parts of a text between commas, trimmed.
    func split(_ text: TextRef) -> [TextRef] {
        var parts: [TextRef] = []
        var start = 0
        for index in 0...Int(text.count) {
            guard index == Int(text.count) || self.text[text.range.lowerBound + index] == UInt8(ascii: ",") else {
                continue
            }
            parts.append(trimmed(text.part(start..<index)))
            start = index + 1
        }
        return parts
    }
}
