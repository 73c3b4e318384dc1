import Mapping
import RelayModel
import Testing

@Suite("Value")
struct ValueTests {
    @Test(
        "the first usable source gives the value",
        arguments: [
            (#"{"value":12.5,"revenue":9}"#, "12.5"), (#"{"value":"12.50"}"#, "12.50"),
            (#"{"revenue":"9.00"}"#, "9.00"),
            (#"{"value":"abc","revenue":"9.00"}"#, "9.00"), (#"{"value":"1,50","revenue":9}"#, "9"),
            (#"{"value":"$5"}"#, nil), (#"{"value":1e2}"#, "100"), (#"{"value":" 5 "}"#, "5"),
            (#"{"value":"+5"}"#, "5"),
            (#"{"total":"20.00","tax":"1.50","shipping":3}"#, "15.5"), (#"{"total":"20.00"}"#, "20.00"),
            (#"{"total":"20.00","shipping":"2.00"}"#, "18"), (#"{"total":0.3,"tax":0.1}"#, "0.2"),
            (#"{"total":20,"tax":"x"}"#, "20"), (#"{"revenue":5,"total":20}"#, "5"),
            (#"{"products":[{"sku":"a","price":0.1,"quantity":3},{"sku":"b","price":"2.50"}]}"#, "2.8"),
            (#"{"products":[{"sku":"a","price":1.10,"quantity":0},{"sku":"b","price":2}]}"#, "2"),
            (#"{"products":[{"sku":"a"},{"sku":"b","price":2}]}"#, "2"), (#"{"products":[{"sku":"a"}]}"#, nil),
            (#"{"product_id":"a","price":"19.99","quantity":2}"#, "39.98"), (#"{"sku":"a","price":5}"#, "5"),
            (#"{"price":5}"#, nil), (#"{}"#, nil),
            (#"{"value":"999999999999999999999999999999999999999"}"#, nil),
        ])
    func value(properties: String, expected: String?) throws {
        #expect(try order(properties)["value"] == expected)
    }

    @Test(
        "zero and below is final, left out and told",
        arguments: [
            #"{"value":0,"revenue":9}"#, #"{"value":"-5","revenue":9}"#, #"{"value":"0.00","total":5}"#,
            #"{"revenue":0,"total":9}"#, #"{"total":5,"tax":5}"#, #"{"products":[{"sku":"a","price":0}]}"#,
        ])
    func notPositive(properties: String) throws {
        let outcome = try order(properties)
        #expect(outcome["value"] == nil)
        #expect(outcome.warnings == ["custom_data.value not_positive"])
    }

    @Test("an unusable value is told")
    func unusable() throws {
        #expect(try order(#"{"value":"abc","revenue":"9"}"#).warnings == ["custom_data.value unusable"])
    }

    @Test("products that were only looked at are not summed", arguments: ["Product List Viewed", "Products Searched"])
    func notSummed(name: String) throws {
        let json = #""messageId":"m","properties":{"products":[{"sku":"a","price":5}]}"#
        #expect(try track("{\"event\":\"\(name)\",\(json)}")["value"] == nil)
        #expect(try track("{\"event\":\"Product Added\",\(json)}")["value"] == "5")
    }

    @Test("a value of their own is kept for them")
    func ownValue() throws {
        #expect(try hit("view_item_list", #""value":5,"items":[{"item_id":"a","price":7}]"#)["value"] == "5")
    }

    @Test("sums that do not fit are left out")
    func overflow() throws {
        let price = String(repeating: "9", count: 38)
        let outcome = try order(
            "{\"products\":[{\"sku\":\"a\",\"price\":\"\(price)\",\"quantity\":9},{\"sku\":\"b\",\"price\":\"1\"}]}")
        #expect(outcome["value"] == nil)
        #expect(outcome["num_items"] == "10")
    }

    @Test("counts that do not fit are left out")
    func countOverflow() throws {
        let outcome = try order(
            #"{"products":[{"sku":"a","quantity":9223372036854775807},{"sku":"b"}]}"#)
        #expect(outcome["num_items"] == nil)
        #expect(outcome["content_ids"] == "a|b")
    }
}
