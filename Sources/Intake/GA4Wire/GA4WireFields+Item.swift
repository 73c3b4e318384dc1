import RelayModel

/// One `prN` value: fields joined by `~`, each a two-character code and its text (`ga4-wire.md` 1.7). A `~` in a text
/// or a custom name travels doubled.
struct GA4Item {
    private let value: TextRef
    /// There are 22 codes and 27 custom pairs; what repeats beyond that is passed over.
    private let fieldLimit = 80

    init(_ value: TextRef) { self.value = value }

    /// Writes the item as an object: the coded fields in the sender's order, then the custom pairs.
    func write(onto tape: inout EventTape) {
        tape.openObject()
        var custom = GA4CustomPairs()
        var cursor = value.range.lowerBound
        var fieldCount = 0
        while fieldCount < fieldLimit, let field = nextField(from: &cursor, on: &tape) {
            fieldCount += 1
            // A field shorter than its code says nothing.
            guard field.count >= 2 else { continue }
            let (first, second) = (tape.text[Int(field.start)], tape.text[Int(field.start) + 1])
            let text = field.part(2..<Int(field.count))
            if custom.take(first, second, text) || text.isEmpty { continue }
            guard let code = GA4ItemCode(first, second) else { continue }
            tape.key(code.name)
            if code.isNumber { tape.numberOrString(text) } else { tape.string(text) }
        }
        custom.write(onto: &tape)
        tape.close()
    }

    /// The next field with its doubled `~` undone; nil at the end.
    private func nextField(from cursor: inout Int, on tape: inout EventTape) -> TextRef? {
        let start = cursor
        guard start < value.range.upperBound else { return nil }
        let (end, hasDoubled) = fieldEnd(from: start, on: tape)
        cursor = end + 1
        let field = TextRef(start: UInt32(start), count: UInt32(end - start))
        return hasDoubled ? undoubled(field, on: &tape) : field
    }

    /// Where the single `~` stands that ends the field, and whether a doubled one stands before it.
    private func fieldEnd(from start: Int, on tape: borrowing EventTape) -> (Int, Bool) {
        let bytes = tape.text.span
        let end = value.range.upperBound
        var index = start
        var hasDoubled = false
        while index < end {
            if bytes[index] != UInt8(ascii: "~") {
                index += 1
            } else if index + 1 < end, bytes[index + 1] == UInt8(ascii: "~") {
                hasDoubled = true
                index += 2
            } else {
                break
            }
        }
        return (index, hasDoubled)
    }

    private func undoubled(_ field: TextRef, on tape: inout EventTape) -> TextRef {
        tape.append { bytes in
            var index = field.range.lowerBound
            while index < field.range.upperBound {
                bytes.append(bytes[index])
                index += bytes[index] == UInt8(ascii: "~") ? 2 : 1
            }
        }
    }
}

/// `k<i>` and `v<i>`: names and values of custom fields, which need not stand side by side. `i` is 0-9 or A-Q.
private struct GA4CustomPairs {
    private var names = [TextRef](repeating: .none, count: 0)
    private var values = [TextRef](repeating: .none, count: 0)

    /// - Returns: true when the code is one of a custom pair.
    mutating func take(_ first: UInt8, _ second: UInt8, _ text: TextRef) -> Bool {
        let isName = first == UInt8(ascii: "k")
        guard isName || first == UInt8(ascii: "v"), let place = place(second) else { return false }
        while names.count <= place {
            names.append(.none)
            values.append(.none)
        }
        if isName { names[place] = text } else { values[place] = text }
        return true
    }

    private func place(_ digit: UInt8) -> Int? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(digit - UInt8(ascii: "0"))
        case UInt8(ascii: "A")...UInt8(ascii: "Q"): Int(digit - UInt8(ascii: "A")) + 10
        default: nil
        }
    }

    func write(onto tape: inout EventTape) {
        for (name, value) in zip(names, values) where !name.isEmpty && !value.isEmpty {
            tape.key(name)
            tape.string(value)
        }
    }
}

/// The two-character codes of item fields.
private struct GA4ItemCode {
    let name: StaticString
    var isNumber = false

    init?(_ first: UInt8, _ second: UInt8) {
        switch (Character(Unicode.Scalar(first)), Character(Unicode.Scalar(second))) {
        case ("i", "d"): name = "item_id"
        case ("n", "m"): name = "item_name"
        case ("b", "r"): name = "item_brand"
        case ("c", "a"): name = "item_category"
        case ("c", "2"): name = "item_category2"
        case ("c", "3"): name = "item_category3"
        case ("c", "4"): name = "item_category4"
        case ("c", "5"): name = "item_category5"
        case ("v", "a"): name = "item_variant"
        case ("p", "r"): (name, isNumber) = ("price", true)
        case ("q", "t"): (name, isNumber) = ("quantity", true)
        case ("c", "p"): name = "coupon"
        case ("l", "n"): name = "item_list_name"
        case ("l", "i"): name = "item_list_id"
        case ("l", "p"): (name, isNumber) = ("index", true)
        case ("d", "s"): (name, isNumber) = ("discount", true)
        case ("a", "f"): name = "affiliation"
        case ("p", "i"): name = "promotion_id"
        case ("p", "n"): name = "promotion_name"
        case ("c", "n"): name = "creative_name"
        case ("c", "s"): name = "creative_slot"
        case ("l", "o"): name = "location_id"
        default: return nil
        }
    }
}
