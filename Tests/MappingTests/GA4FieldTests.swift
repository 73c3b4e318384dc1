import Mapping
import RelayModel
import Testing

@Suite("Fields of GA4 events")
struct GA4FieldTests {
    @Test(
        "an event's own fields and commerce fields",
        arguments: [
            FieldCase(#""event_id":"e1","eventID":"e2","transaction_id":"t""#, "event_id", "e1"),
            FieldCase(#""eventID":"e2","transaction_id":"t""#, "event_id", "e2"),
            FieldCase(#""transaction_id":"t""#, "event_id", "t"),
            FieldCase(#""ecommerce":{"transaction_id":"t"}"#, "event_id", "t"),
            FieldCase(#""page_location":"https://a/x""#, "event_source_url", "https://a/x"),
            FieldCase(
                #""page_location":"https://a/x","event_source_url":"https://a/y""#, "event_source_url", "https://a/y"),
            FieldCase(#""opt_out":"true""#, "opt_out", "true"),
            FieldCase(#""language":"en-us""#, "language", "en"),
            FieldCase(#""ul":"ja""#, "language", "ja"),
            FieldCase(#""action_source":"offline""#, "action_source", "offline"),
            FieldCase(#""currency":"USD","cu":"EUR""#, "currency", "USD"),
            FieldCase(#""cu":"EUR""#, "currency", "EUR"),
            FieldCase(#""currency":"dollars","cu":"EUR""#, "currency", "EUR"),
            FieldCase(#""ecommerce":{"currency":"GBP"}"#, "currency", "GBP"),
            FieldCase(#""items":[{"item_id":"1"},{"item_id":"2","currency":"CHF"}]"#, "currency", "CHF"),
            FieldCase(#""transaction_id":"t""#, "order_id", "t"),
            FieldCase(#""transaction_id":"t","order_id":"o""#, "order_id", "o"),
            FieldCase(#""ecommerce":{"transaction_id":"t"}"#, "order_id", "t"),
            FieldCase(#""search_term":"s""#, "search_string", "s"),
            FieldCase(#""search_term":"s","search_string":"t""#, "search_string", "t"),
            FieldCase(#""item_list_name":"Sale""#, "content_name", "Sale"),
            FieldCase(#""ecommerce":{"item_list_name":"Sale"}"#, "content_name", "Sale"),
            FieldCase(#""content_name":"C","item_list_name":"Sale""#, "content_name", "C"),
            FieldCase(#""content_category":"C""#, "content_category", "C"),
            FieldCase(#""content_brand":"B""#, "content_brand", "B"),
            FieldCase(#""content_ids":"1,2""#, "content_ids", "1|2"),
            FieldCase(#""content_ids":"[\"1\", \"2\"]""#, "content_ids", "1|2"),
            FieldCase(
                #""contents":"[{\"id\":\"1\",\"item_price\":\"2.50\",\"quantity\":2}]""#, "contents", "1::2.50:2::"),
            FieldCase(#""contents":"[{\"id\":\"1\"""#, "contents", nil),
            FieldCase(#""num_items":"4""#, "num_items", "4"),
            FieldCase(#""opt_out_type":"LDP""#, "opt_out_type", "LDP"),
            FieldCase(#""predicted_ltv":"10""#, "predicted_ltv", "10"),
            FieldCase(#""value":"12.50""#, "value", "12.50"),
            FieldCase(#""ecommerce":{"value":7}"#, "value", "7"),
            FieldCase(#""value":"NaN","ecommerce":{"value":7}"#, "value", "7"),
            FieldCase(#""value":3,"ecommerce":{"value":7,"currency":"EUR"}"#, "value", "3"),
        ])
    func eventAndCommerce(row: FieldCase) throws { try check(row) }

    @Test(
        "fields of the person",
        arguments: [
            FieldCase(#""user_data":{"email_address":"a@x","email":"b@x"}"#, "em", "a@x"),
            FieldCase(#""user_data":{"email":"b@x"}"#, "em", "b@x"),
            FieldCase(#""user_data":{"email":["b@x","c@x"]}"#, "em", "b@x|c@x"),
            FieldCase(#""user_data":{"email":"[\"b@x\",\"c@x\"]"}"#, "em", "b@x|c@x"),
            FieldCase(#""user_data":{"email":"x"},"email_address":"d@x""#, "em", "d@x"),
            FieldCase(#""email_address":"d@x""#, "em", "d@x"),
            FieldCase(#""user_data":"{\"email\":\"j@x\"}""#, "em", "j@x"),
            FieldCase(#""user_data":"[object Object]""#, "em", nil),
            FieldCase(#""user_data":{"phone_number":"+1 (555) 1"}"#, "ph", "+1 (555) 1"),
            FieldCase(#""phone_number":"+1""#, "ph", "+1"),
            FieldCase(#""user_data":{"first_name":"A"}"#, "fn", "A"),
            FieldCase(#""user_data":{"address":{"first_name":"A","last_name":"B"}}"#, "fn", "A"),
            FieldCase(#""user_data":{"address":{"first_name":"A","last_name":"B"}}"#, "ln", "B"),
            FieldCase(#""user_data":{"address":[{"first_name":"A"},{"first_name":"C"}]}"#, "fn", "A|C"),
            FieldCase(#""user_data":{"address":{"sha256_last_name":"abc"}}"#, "ln", "abc"),
            FieldCase(#""first_name":"A""#, "fn", "A"),
            FieldCase(#""last_name":"B""#, "ln", "B"),
            FieldCase(#""user_data":{"address":{"city":"Paris"},"city":"Rome"},"city":"Oslo""#, "ct", "Paris"),
            FieldCase(#""user_data":{"city":"Rome"},"city":"Oslo""#, "ct", "Rome"),
            FieldCase(#""city":"Oslo""#, "ct", "Oslo"),
            FieldCase(#""address":{"city":"Bonn"},"city":"Oslo""#, "ct", "Bonn"),
            FieldCase(#""user_data":{"address":"{\"city\":\"Graz\"}"}"#, "ct", "Graz"),
            FieldCase(#""user_data":{"address":[{"region":"CA"},{"region":"NV"}]}"#, "st", "CA|NV"),
            FieldCase(#""user_data":{"address":{"postal_code":"1234"}}"#, "zp", "1234"),
            FieldCase(#""user_data":{"address":{"country":"US"}}"#, "country", "US"),
            FieldCase(#""user_location":{"city":"Oslo"}"#, "ct", nil),
            FieldCase(#""user_data":{"gender":"f"}"#, "ge", "f"),
            FieldCase(#""user_data":{"date_of_birth":"19900203"}"#, "db", "19900203"),
            FieldCase(#""gender":"m""#, "ge", "m"),
            FieldCase(#""user_id":"u""#, "external_id", "u"),
            FieldCase(#""user_id":"u","user_data":{"external_id":"x"}"#, "external_id", "x"),
            FieldCase(#""user_id":"u","external_id":"x""#, "external_id", "x"),
            FieldCase(#""client_id":"1.2""#, "external_id", nil),
            FieldCase(#""user_data":{"hashed_maids":["m1"]}"#, "hashed_maids", "m1"),
            FieldCase(#""advertising_id":"m2""#, "hashed_maids", "m2"),
            FieldCase(#""device":{"advertising_id":"m3"}"#, "hashed_maids", "m3"),
        ])
    func person(row: FieldCase) throws { try check(row) }

    private func check(_ row: FieldCase) throws {
        let outcome = try hit("purchase", row.input)
        #expect(outcome.reason == nil)
        #expect(outcome[row.field] == row.expected)
    }

    @Test(
        "Google's phone hashes are left out with a warning",
        arguments: [
            #""user_data":{"sha256_phone_number":"ab"}"#, #""user_data":{"sha256_phone_number":["ab"]}"#,
            #""sha256_phone_number":"ab""#, #""user_data":{"pn":"ab"}"#,
        ])
    func phoneHash(members: String) throws {
        let outcome = try hit("purchase", members)
        #expect(outcome["ph"] == nil)
        #expect(outcome.warnings == ["user_data.ph foreign_phone_hash"])
    }

    @Test("the client id is a second external id only when asked for")
    func clientID() throws {
        var settings = MappingSettings()
        settings.clientIDAsExternalID = true
        #expect(try hit("purchase", #""client_id":"1.2""#, settings: settings)["external_id"] == "1.2")
        #expect(
            try hit("purchase", #""client_id":"1.2","user_id":"u""#, settings: settings)["external_id"] == "u|1.2")
    }

    @Test("the transaction id is the event id of a checkout only")
    func transactionID() throws {
        #expect(try hit("add_to_cart", #""transaction_id":"t","_hit":"h""#)["event_id"] != "t")
    }
}
