import Mapping
import RelayModel
import Testing

@Suite("Persons on a Segment event, and a server that says direct")
struct UserDataTests {
    @Test("a list of users gives lists of values, in order")
    func users() throws {
        let outcome = try order(
            #"""
            {"user_data":[
              {"email":"a@example.com","phone":"+14155550100","first_name":"Ann","last_name":"A","external_id":"u1",
               "address":{"city":"Rome","country":"IT"}},
              {"em":["b@example.com","c@example.com"],"ph":"+14155550101","firstName":"Bo","zip":"94107","ge":"f",
               "date_of_birth":"1990-01-02","hashed_maids":"m-2","address":[{"city":"Oslo"},{"city":"Kiel"}]},
              7, null, {"email":"not one"}]}
            """#)
        #expect(outcome["em"] == "a@example.com|b@example.com|c@example.com")
        #expect(outcome["ph"] == "+14155550100|+14155550101")
        #expect(outcome["fn"] == "Ann|Bo")
        #expect(outcome["ln"] == "A")
        #expect(outcome["external_id"] == "u1")
        #expect(outcome["ct"] == "Rome|Oslo|Kiel")
        #expect(outcome["country"] == "IT")
        #expect(outcome["zp"] == "94107")
        #expect(outcome["ge"] == "f")
        #expect(outcome["db"] == "1990-01-02")
        #expect(outcome["hashed_maids"] == "m-2")
        #expect(outcome.warnings == ["user_data.em not_an_email"])
    }

    @Test(
        "one user may stand alone, at the top, or as JSON text",
        arguments: [
            #"{"properties":{"user_data":{"email":"a@example.com"}}"#, #"{"user_data":[{"email":"a@example.com"}]"#,
            #"{"properties":{"user_data":"[{\"email\":\"a@example.com\"}]"}"#,
        ])
    func forms(_ start: String) throws {
        let outcome = try track(start + #","event":"Order Completed","messageId":"m"}"#)
        #expect(outcome["em"] == "a@example.com")
        #expect(outcome.warnings.isEmpty)
    }

    @Test("user_data beats traits field by field, and leaves what it does not say")
    func precedence() throws {
        let outcome = try track(
            #"""
            {"event":"Order Completed","messageId":"m","userId":"u",
             "context":{"ip":"203.0.113.1","traits":{"email":"t@example.com","phone":"+14155550100"}},
             "properties":{"email":"p@example.com","user_data":{"email":"a@example.com","email_address":"x@example.com",
              "client_ip_address":"203.0.113.9","client_user_agent":"UA/1","click_id":"dj0abc"}}}
            """#)
        #expect(outcome["em"] == "a@example.com")
        #expect(outcome["ph"] == "+14155550100")
        #expect(outcome["external_id"] == "u")
        #expect(outcome["client_ip_address"] == "203.0.113.9")
        #expect(outcome["client_user_agent"] == "UA/1")
        #expect(outcome["click_id"] == "dj0abc")
    }

    @Test("lists of e-mails and phones are lists of values", arguments: ["properties", "traits"])
    func lists(_ place: String) throws {
        let outcome = try track(
            "{\"event\":\"Signed Up\",\"messageId\":\"m\",\"\(place)\":{\"email\":[\"a@example.com\",\"b@example.com\"],"
                + "\"phone\":[\"+14155550100\",\"+14155550101\"]}}")
        #expect(outcome["em"] == "a@example.com|b@example.com")
        #expect(outcome["ph"] == "+14155550100|+14155550101")
    }

    @Test("an anonymous id is second to the users' ids too")
    func secondID() throws {
        var settings = MappingSettings()
        settings.anonymousIDAsExternalID = true
        let outcome = try track(
            #"{"event":"Signed Up","messageId":"m","anonymousId":"a","userId":"u","user_data":{"external_id":"x"}}"#,
            settings: settings)
        #expect(outcome["external_id"] == "x|a")
    }

    @Test(
        "a server's own connection counts when the context says direct",
        arguments: [
            (#"{"direct":true}"#, "198.51.100.7"), (#"{"direct":"true"}"#, "198.51.100.7"), (#"{"direct":false}"#, nil),
            ("{}", nil), (#"{"direct":true,"ip":"0.0.0.0"}"#, nil),
            (#"{"direct":true,"ip":"203.0.113.1"}"#, "203.0.113.1"),
        ])
    func direct(_ context: String, _ address: String?) throws {
        let outcome = try track("{\"event\":\"Signed Up\",\"messageId\":\"m\",\"context\":\(context)}") { call, tape in
            call.address = tape.append("198.51.100.7".utf8)
            call.userAgent = tape.append("analytics-python/2".utf8)
        }
        #expect(outcome["client_ip_address"] == address)
        #expect(outcome["client_user_agent"] == nil)
    }

    @Test("a batch's context says direct for all its events")
    func directBatch() throws {
        let outcome = try track(
            #"{"event":"Signed Up","messageId":"m","context":{"locale":"de"}}"#, batchContext: #"{"direct":true}"#
        ) { call, tape in call.address = tape.append("198.51.100.7".utf8) }
        #expect(outcome["client_ip_address"] == "198.51.100.7")
    }
}
