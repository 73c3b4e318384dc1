import Mapping
import RelayModel
import Testing

@Suite("Several persons on a GA4 event")
struct GA4UsersTests {
    private static let hash = String(repeating: "ab", count: 32)

    @Test("a list of users gives lists of values, in order", arguments: [SourceKind.ga4Hit, .measurementProtocol])
    func users(_ kind: SourceKind) throws {
        let outcome = try map(
            #"""
            {"event_name":"purchase","user_id":"top","user_data":[
              {"email_address":"a@example.com","phone_number":"+14155550100","first_name":"Ann","last_name":"A",
               "address":[{"city":"Rome","region":"RM","postal_code":"00118","country":"IT"}]},
              {"sha256_email_address":"\#(Self.hash)","address":{"sha256_first_name":"\#(Self.hash)","city":"Oslo"},
               "gender":"f","date_of_birth":"1990-01-02","external_id":"u2","hashed_maids":"m-2","city":"Bergen"},
              7, null, {"email":"not one","sha256_phone_number":"\#(Self.hash)"}]}
            """#, kind)
        #expect(outcome["em"] == "a@example.com|\(Self.hash)")
        #expect(outcome["ph"] == "+14155550100")
        #expect(outcome["fn"] == "Ann|\(Self.hash)")
        #expect(outcome["ln"] == "A")
        #expect(outcome["ct"] == "Rome|Bergen|Oslo")
        #expect(outcome["st"] == "RM")
        #expect(outcome["zp"] == "00118")
        #expect(outcome["country"] == "IT")
        #expect(outcome["ge"] == "f")
        #expect(outcome["db"] == "1990-01-02")
        #expect(outcome["external_id"] == "u2")
        #expect(outcome["hashed_maids"] == "m-2")
        #expect(outcome.warnings == ["user_data.em not_an_email", "user_data.ph foreign_phone_hash"])
    }

    @Test("a list written as JSON text is a list, and what it leaves open is read elsewhere")
    func text() throws {
        let outcome = try hit(
            "purchase", #""user_data":"[{\"email\":\"a@example.com\"}]","email":"b@example.com","user_id":"u""#)
        #expect(outcome["em"] == "a@example.com")
        #expect(outcome["external_id"] == "u")
    }

    @Test("one user stays what it was", arguments: ["{}", "[]", "7", #""""#, "[{}]", "[[]]"])
    func none(_ value: String) throws {
        let outcome = try hit("purchase", #""user_data":\#(value),"email":"b@example.com""#)
        #expect(outcome["em"] == "b@example.com")
        #expect(outcome.warnings.isEmpty)
    }
}
