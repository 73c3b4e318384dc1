import MappingLanguage
import Testing

/// A row of the trigger table: what Segment's lenient reader says (an error there is a no), and what the relay says.
struct TableRow: Sendable, CustomTestStringConvertible {
    let number: Int
    let trigger: String
    let lenient: Verdict
    let verdict: Verdict

    init(_ number: Int, _ trigger: String, lenient: Verdict, _ verdict: Verdict) {
        self.number = number
        self.trigger = trigger
        self.lenient = lenient
        self.verdict = verdict
    }

    var testDescription: String { "\(number): \(trigger)" }
}

/// `mapping-language.md` 3.1, whole. Where the documented language and the lenient reader differ, the documented one
/// counts. Where the documentation leaves a lexical case open (8, 29, 38, 39, 76, 77), and where published triggers are
/// written otherwise than it has them (3, 26, 27, 28), the sane meaning stands.
@Suite("Trigger table")
struct TriggerTableTests {
    @Test("every row of the table is decided as written", arguments: rows)
    func decision(_ row: TableRow) throws {
        #expect(try verdict(row.trigger) == row.verdict)
    }

    @Test("a row that the lenient reader decides otherwise has a warning", arguments: rows)
    func warning(_ row: TableRow) throws {
        guard row.verdict != row.lenient, row.verdict != .fault else { return }
        #expect(try !Trigger(row.trigger).warnings.isEmpty)
    }

    static let rows: [TableRow] = [
        TableRow(1, #"type = "track""#, lenient: .yes, .yes),
        TableRow(2, #"type="track""#, lenient: .yes, .yes),
        TableRow(3, #"type = track"#, lenient: .yes, .yes),
        TableRow(4, #"type = 'track'"#, lenient: .no, .yes),
        TableRow(5, #"type = "Track""#, lenient: .no, .no),
        TableRow(6, #"TYPE = "track""#, lenient: .no, .no),
        TableRow(7, #"type != "page""#, lenient: .yes, .yes),
        TableRow(8, #"type!="page""#, lenient: .no, .yes),
        TableRow(9, #"event = "Product Added""#, lenient: .yes, .yes),
        TableRow(10, #"event != "Product Added""#, lenient: .no, .no),
        TableRow(11, #"event = null"#, lenient: .no, .no),
        TableRow(12, #"event != null"#, lenient: .yes, .yes),
        TableRow(13, #"userId != null"#, lenient: .yes, .yes),
        TableRow(14, #"userId = null"#, lenient: .no, .no),
        TableRow(15, #"name = "Cart""#, lenient: .yes, .yes),
        TableRow(16, #"type = "track" and event = "Product Added""#, lenient: .yes, .yes),
        TableRow(17, #"type = "track" and event = "Order Completed""#, lenient: .no, .no),
        TableRow(18, #"type = "page" or event = "Product Added""#, lenient: .yes, .yes),
        TableRow(19, #"type = "page" and userId = "x" or event = "Product Added""#, lenient: .yes, .yes),
        TableRow(20, #"type = "track" or type = "page" and event = "Refund""#, lenient: .no, .yes),
        TableRow(21, #"type = "track" and (event = "Refund" or event = "Product Added")"#, lenient: .yes, .yes),
        TableRow(
            22, #"(type = "page" or type = "track") and (event = "Refund" or event = "Product Added")"#, lenient: .yes,
            .yes),
        TableRow(23, #"type = "track" and (event = "a" or (event = "Product Added"))"#, lenient: .no, .yes),
        TableRow(24, #"((type = "track"))"#, lenient: .no, .yes),
        TableRow(25, #"!(type = "page")"#, lenient: .no, .yes),
        TableRow(26, #"not type = "track""#, lenient: .yes, .no),
        TableRow(27, #"type = "track" AND event = "Refund""#, lenient: .no, .no),
        TableRow(28, #"type = "page" OR type = "track""#, lenient: .no, .yes),
        TableRow(29, #"type = "page" or(type = "track")"#, lenient: .no, .yes),
        TableRow(30, #"properties.total > 40"#, lenient: .yes, .yes),
        TableRow(31, #"properties.total >= 42.5"#, lenient: .yes, .yes),
        TableRow(32, #"properties.total < 42.5"#, lenient: .no, .no),
        TableRow(33, #"properties.total <= 42.5"#, lenient: .yes, .yes),
        TableRow(34, #"properties.total = 42.5"#, lenient: .yes, .yes),
        TableRow(35, #"properties.total != 42.5"#, lenient: .no, .no),
        TableRow(36, #"properties.total = "42.5""#, lenient: .no, .no),
        TableRow(37, #"properties.total > "40""#, lenient: .yes, .no),
        TableRow(38, #"properties.total>40"#, lenient: .no, .yes),
        TableRow(39, #"properties.total <=42.5"#, lenient: .no, .yes),
        TableRow(40, #"properties.qtyText = 2"#, lenient: .no, .no),
        TableRow(41, #"properties.qtyText = "2""#, lenient: .yes, .yes),
        TableRow(42, #"properties.qtyText > 1"#, lenient: .no, .no),
        TableRow(43, #"properties.qtyText != 2"#, lenient: .no, .yes),
        TableRow(44, #"properties.missing != 2"#, lenient: .no, .yes),
        TableRow(45, #"properties.missing != "2""#, lenient: .yes, .yes),
        TableRow(46, #"properties.gift = true"#, lenient: .yes, .yes),
        TableRow(47, #"properties.gift = "true""#, lenient: .no, .no),
        TableRow(48, #"properties.gift != true"#, lenient: .yes, .no),
        TableRow(49, #"properties.sale = false"#, lenient: .yes, .yes),
        TableRow(50, #"properties.missing = false"#, lenient: .no, .no),
        TableRow(51, #"properties.coupon = null"#, lenient: .yes, .yes),
        TableRow(52, #"properties.missing = null"#, lenient: .yes, .yes),
        TableRow(53, #"properties.missing.deep = null"#, lenient: .yes, .yes),
        TableRow(54, #"properties.note != null"#, lenient: .yes, .yes),
        TableRow(55, #"properties.sale != null"#, lenient: .yes, .yes),
        TableRow(56, #"contains(event, "Added")"#, lenient: .yes, .yes),
        TableRow(57, #"contains(event, "added")"#, lenient: .no, .no),
        TableRow(58, #"!contains(event, "Removed")"#, lenient: .yes, .yes),
        TableRow(59, #"!contains(properties.missing, "x")"#, lenient: .no, .yes),
        TableRow(60, #"contains(properties.tags, "new")"#, lenient: .no, .no),
        TableRow(61, #"contains(type, "ra")"#, lenient: .no, .yes),
        TableRow(62, #"match(event, "Product*")"#, lenient: .yes, .yes),
        TableRow(63, #"match(event, "*Added")"#, lenient: .yes, .yes),
        TableRow(64, #"match(event, "*duct*")"#, lenient: .no, .yes),
        TableRow(65, #"match(event, "P*d")"#, lenient: .no, .yes),
        TableRow(66, #"match(event, "roduct Added")"#, lenient: .yes, .no),
        TableRow(67, #"match(properties.sku, "TEE-*")"#, lenient: .yes, .yes),
        TableRow(68, #"!match(properties.sku, "*-L")"#, lenient: .yes, .yes),
        TableRow(69, #"type = "page" and (contains(event, "zz") or type = "track")"#, lenient: .yes, .no),
        TableRow(70, #"type = "page" and (type = "track" or contains(event, "Added"))"#, lenient: .no, .no),
        TableRow(71, #"context.page.path = "/cart""#, lenient: .yes, .yes),
        TableRow(72, #"context.library.version = 2.1"#, lenient: .no, .no),
        TableRow(73, #"traits.plan = "gold" and traits.logins >= 3"#, lenient: .yes, .yes),
        TableRow(74, #"properties.list\ price = 9"#, lenient: .yes, .yes),
        TableRow(75, #"properties.box.w = 30"#, lenient: .yes, .yes),
        TableRow(76, #"properties.products.0.price = 5"#, lenient: .no, .yes),
        TableRow(77, #"properties.products.\0.price = 5"#, lenient: .yes, .yes),
        TableRow(78, #"messageId = "m-1""#, lenient: .no, .yes),
        TableRow(79, #"type = "track" and messageId = "zzz""#, lenient: .yes, .no),
        TableRow(80, #"lowercase(event) = "product added""#, lenient: .no, .yes),
        TableRow(81, #"length(properties.tags) = 2"#, lenient: .no, .yes),
        TableRow(82, #"event in ["Product Added", "Refund"]"#, lenient: .no, .yes),
        TableRow(83, #""new" in properties.tags"#, lenient: .no, .yes),
        TableRow(84, #"properties.gift"#, lenient: .no, .yes),
        TableRow(85, "", lenient: .no, .fault),
    ]
}
