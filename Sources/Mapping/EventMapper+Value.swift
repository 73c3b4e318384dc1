import RelayModel

// `value` (`mapping.md` 4.5, 9.2, 9.17), in decimal arithmetic.
extension EventMapper {
    /// `value`, `revenue`, the total without tax and shipping, or what the products cost together. The first that is a
    /// number is final: when it is zero or below, nothing is sent.
    mutating func resolveValue(_ totals: ProductTotals) -> TextRef {
        if isSet(.value) { return firstDecimal(.value).map { positive($0.number, $0.text) } ?? .none }
        if let said = firstDecimal(.value) ?? firstDecimal(.revenue) { return positive(said.number, said.text) }
        if let net = netTotal() { return positive(net.number, net.text) }
        guard isSummed, let amount = totals.amount else { return .none }
        record(.value, rule: "sum of price x quantity")
        return positive(amount, nil)
    }

    /// `total - tax - shipping`; a part that is not given counts 0.
    private mutating func netTotal() -> (number: DecimalNumber, text: TextRef?)? {
        guard let total = firstDecimal(.total) else { return nil }
        let parts = [firstDecimal(.tax)?.number, firstDecimal(.shipping)?.number].compactMap { $0 }
        guard !parts.isEmpty else { return (total.number, total.text) }
        var net = total.number
        for part in parts {
            guard let rest = net.subtracting(part) else { return (total.number, total.text) }
            net = rest
        }
        record(.value, rule: "total - tax - shipping")
        return (net, nil)
    }

    /// A list of products that somebody saw is no basket.
    private var isSummed: Bool {
        mapped.name != .standard(.viewCategory) && mapped.name != .standard(.search)
    }

    /// - Parameter text: the number as sent; nil for a computed one, which is printed without needless zeros.
    private mutating func positive(_ number: DecimalNumber, _ text: TextRef?) -> TextRef {
        guard number.isPositive else {
            warn(.value, .notPositive)
            return .none
        }
        return text ?? tape.append(number.reduced)
    }
}
