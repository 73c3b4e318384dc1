import RelayModel

/// What an event's products add up to.
struct ProductTotals {
    /// Products that said anything at all.
    var productCount = 0
    /// The sum of quantities, a missing one counting 1; nil when it does not fit.
    var quantity: Int64? = 0
    /// The sum of price x quantity over the products with a price; nil when there is none, or when it does not fit.
    var amount: DecimalNumber?
    /// The first currency that a product names.
    var currency = TextRef.none
    private var amountOverflowed = false

    mutating func add(price: DecimalNumber?, quantity count: Int64?) {
        productCount += 1
        let count = count ?? 1
        quantity = quantity.flatMap {
            let (sum, overflow) = $0.addingReportingOverflow(count)
            return overflow ? nil : sum
        }
        guard let price, !amountOverflowed else { return }
        amount = price.multiplied(by: DecimalNumber(count)).flatMap { (amount ?? .zero).adding($0) }
        amountOverflowed = amount == nil
    }
}

// `contents`: an explicit list, the products of the spec, or the event itself where it is about one (`mapping.md` 9.4).
extension EventMapper {
    mutating func mapProducts() -> ProductTotals {
        var totals = ProductTotals()
        if isSet(.contents) {
            guard let node = overrides.value(of: .contents), !isBlank(node), isList(node, .contents) else {
                return totals
            }
            addProducts(in: node, from: nil, idField: .contentsItemID, to: &totals)
            return totals
        }
        if addProducts(of: .contents, idField: .contentsItemID, to: &totals) { return totals }
        if addProducts(of: .products, idField: .itemID, to: &totals) { return totals }
        if hasValue(.productMark), let slot = paths.positions(of: .productItself).first.map({ paths.slot(at: $0) }),
            let properties = found[slot]
        {
            enter(slot, properties)
            add(product: properties, idField: .itemID, to: &totals)
            leave()
        }
        return totals
    }

    /// - Returns: true when one of the field's paths held at least one product.
    private mutating func addProducts(
        of field: MappedField, idField: MappedField, to totals: inout ProductTotals
    ) -> Bool {
        for position in paths.positions(of: field) {
            let slot = paths.slot(at: position)
            guard let node = found[slot], !isBlank(node) else { continue }
            guard isList(node, field) else { continue }
            addProducts(in: node, from: slot, idField: idField, to: &totals)
            if totals.productCount > 0 { return true }
        }
        return false
    }

    /// False, with a warning, for what is neither a product nor a list.
    private mutating func isList(_ node: TapeNode, _ field: MappedField) -> Bool {
        if let list = tape.unwrapped(node), tape.kind(list) == .array || tape.kind(list) == .object { return true }
        warn(field, .unusable)
        return false
    }

    /// - Parameter slot: where the products stand; nil for those that a mapping sets.
    private mutating func addProducts(
        in node: TapeNode, from slot: Int?, idField: MappedField, to totals: inout ProductTotals
    ) {
        guard let list = tape.unwrapped(node) else { return }
        if let slot { enter(slot, list) } else { enterOverride(.contents, list) }
        if tape.kind(list) == .object { add(product: list, idField: idField, to: &totals) }
        var cursor = tape.firstElement(list)
        while let element = cursor {
            add(product: element, idField: idField, to: &totals)
            cursor = tape.nextElement(after: element, in: list)
        }
        leave()
    }

    private mutating func add(product: TapeNode, idField: MappedField, to totals: inout ProductTotals) {
        nextElement()
        guard tape.kind(product) == .object else { return warn(.contents, .unusable) }
        findMembers(ofElement: product, in: paths.productScope)
        if hasOverrides { resolveItem(product) }
        var item = ContentItem()
        let price = firstDecimal(.itemPrice)
        item.id = firstText(idField)
        item.itemName = firstText(.itemName)
        item.itemPrice = price?.text ?? .none
        item.itemCategory = firstText(.itemCategory)
        item.itemBrand = firstText(.itemBrand)
        let isNamed = !item.isEmpty
        item.quantity = firstCount(.itemQuantity)
        guard !item.isEmpty else { return }
        // A quantity of nothing in particular counts, and says nothing about a product.
        if isNamed { mapped.custom.contents.append(item) }
        if totals.currency.isEmpty { totals.currency = first(.itemCurrency, readCurrency) ?? .none }
        totals.add(price: price?.number, quantity: item.quantity)
    }
}

/// Three letters; whether they are a currency is judged by ISO 4217 later.
func readCurrency(_ tape: inout EventTape, _ node: TapeNode) -> TextRef? {
    let text = tape.trimmed(tape.string(node))
    return text.count == 3 && text.range.allSatisfy { isASCIILetter(tape.text[$0]) } ? text : nil
}
