import Mapping
import RelayModel
import Testing

@Suite("Products")
struct ProductTests {
    @Test("a Segment product list becomes contents, ids and a count")
    func segmentList() throws {
        let outcome = try order(
            #"""
            {"products":[
              {"product_id":"p1","sku":"s1","name":"Shoe","price":"10.00","quantity":2,"category":"C","brand":"B"},
              {"sku":"s2","id":"i2","price":0,"quantity":0},{"id":"i3","variant":"v3"},{"variant":"v4","quantity":"3"},
              {"name":"No id"}],"category":"Shop"}
            """#)
        #expect(outcome["contents"] == "p1:Shoe:10.00:2:C:B|s2::0:0::|i3:::::|v4:::3::|:No id::::")
        #expect(outcome["content_ids"] == "p1|s2|i3|v4")
        #expect(outcome["num_items"] == "7")
        #expect(outcome["content_name"] == nil)
        #expect(outcome["content_category"] == "Shop")
        #expect(outcome["value"] == "20")
    }

    @Test(
        "a Segment event with a product id or sku and no products is about that product",
        arguments: [
            (#"{"product_id":"p","name":"N","price":2,"brand":"B","category":"C"}"#, "p:N:2::C:B"),
            (#"{"sku":"s","quantity":2}"#, "s:::2::"), (#"{"sku":"s","products":[]}"#, "s:::::"),
            (#"{"id":"i","name":"N"}"#, nil), (#"{"name":"N"}"#, nil),
            (#"{"sku":"s","products":[{"sku":"t"}]}"#, "t:::::"),
        ])
    func itself(properties: String, expected: String?) throws {
        #expect(try order(properties)["contents"] == expected)
    }

    @Test("the only product gives name, category and brand")
    func onlyProduct() throws {
        let outcome = try order(
            #"{"products":[{"sku":"s","name":"N","category":"C","brand":"B"}],"category":"Shop","list":"L"}"#)
        #expect(outcome["content_name"] == "N")
        #expect(outcome["content_category"] == "C")
        #expect(outcome["content_brand"] == "B")
    }

    @Test("GA4 items, where a name alone is the id too")
    func ga4Items() throws {
        let outcome = try hit(
            "purchase",
            #"""
            "items":[{"item_id":"a","item_name":"A","price":"3.5","quantity":"2","item_category":"C","item_brand":"B"},
            {"item_name":"Only name","price":1}]
            """#)
        #expect(outcome["contents"] == "a:A:3.5:2:C:B|Only name:Only name:1:::")
        #expect(outcome["content_ids"] == "a|Only name")
        #expect(outcome["num_items"] == "3")
        #expect(outcome["value"] == "8")
    }

    @Test("a nested ecommerce object is read key by key where the top level lacks them")
    func nested() throws {
        let outcome = try hit(
            "purchase", #""value":9,"ecommerce":{"items":[{"item_id":"n"}],"value":5,"currency":"EUR"}"#)
        #expect(outcome["contents"] == "n:::::")
        #expect(outcome["value"] == "9")
        #expect(outcome["currency"] == "EUR")
        #expect(try hit("purchase", #""items":[],"ecommerce":{"items":[{"item_id":"n"}]}"#)["content_ids"] == "n")
    }

    @Test("explicit contents, ids and counts beat derived ones")
    func explicit() throws {
        let outcome = try order(
            #"""
            {"products":[{"sku":"s"}],"contents":[{"id":"x","product_id":"y","item_price":"2","item_name":"N"}],
            "content_ids":["k"],"num_items":9}
            """#)
        #expect(outcome["contents"] == "x:N:2:::")
        #expect(outcome["content_ids"] == "k")
        #expect(outcome["num_items"] == "9")
    }

    @Test("unusable explicit contents leave the products", arguments: [#""x""#, "5", "[1]", #""[{""#, "[{}]", "{}"])
    func unusableContents(contents: String) throws {
        #expect(try order("{\"products\":[{\"sku\":\"s\"}],\"contents\":\(contents)}")["contents"] == "s:::::")
    }

    @Test("the order of id keys can be set")
    func idOrder() throws {
        var settings = MappingSettings()
        settings.contentIDOrder = ["variant", "sku"]
        let outcome = try order(
            #"{"products":[{"product_id":"p","sku":"s","variant":"v"},{"sku":"t"}]}"#, settings: settings)
        #expect(outcome["content_ids"] == "v|t")
        let ga4 = try hit("purchase", #""items":[{"item_id":"i","sku":"s"}]"#, settings: settings)
        #expect(ga4["content_ids"] == "s")
    }

    @Test("an unusable price or quantity is told; the product stays and counts one")
    func unusableParts() throws {
        let outcome = try order(#"{"products":[{"sku":"s","price":"$5","quantity":1.5}]}"#)
        #expect(outcome["contents"] == "s:::::")
        #expect(outcome["num_items"] == "1")
        #expect(outcome["value"] == nil)
        #expect(
            outcome.warnings == [
                "custom_data.contents[].item_price unusable", "custom_data.contents[].quantity unusable",
            ])
    }

    @Test(
        "nothing is sent for nothing",
        arguments: [
            "{}", #"{"products":[]}"#, #"{"products":[{}]}"#, #"{"products":null}"#, #"{"products":[{"sku":""}]}"#,
        ])
    func nothing(properties: String) throws {
        let outcome = try order(properties)
        for field in ["contents", "content_ids", "num_items", "value", "content_name", "currency", "order_id"] {
            #expect(outcome[field] == nil)
        }
        #expect(outcome.warnings.isEmpty)
    }

    @Test("a quantity of nothing in particular is no content")
    func quantityOnly() throws {
        let outcome = try order(#"{"products":[{"quantity":2},{"sku":"s"}]}"#)
        #expect(outcome["contents"] == "s:::::")
        #expect(outcome["num_items"] == "3")
    }

    @Test("what is no product is told and passed over")
    func notAProduct() throws {
        let outcome = try order(#"{"products":["s1",{"sku":"s2"}]}"#)
        #expect(outcome["content_ids"] == "s2")
        #expect(outcome.warnings == ["custom_data.contents unusable"])
    }

    @Test("one product's values do not stand in for the next one's")
    func noLeak() throws {
        let outcome = try order(#"{"products":[{"sku":"a","name":"A","price":5,"quantity":2},{"sku":"b"}]}"#)
        #expect(outcome["contents"] == "a:A:5:2::|b:::::")
    }
}
