import Mapping
import RelayModel
import Testing

@Suite("Client address, user agent, source of the action, app fields")
struct ClientTests {
    private func connect(_ call: inout CallFacts, _ tape: inout EventTape, isBrowser: Bool) {
        call.isBrowserCall = isBrowser
        call.address = tape.append("198.51.100.7".utf8)
        call.userAgent = tape.append("Browser/1".utf8)
    }

    private func segment(_ context: String, isBrowser: Bool, properties: String = "{}") throws -> Outcome {
        try track(
            "{\"event\":\"Signed Up\",\"messageId\":\"m\",\"context\":\(context),\"properties\":\(properties)}"
        ) { connect(&$0, &$1, isBrowser: isBrowser) }
    }

    @Test("the connection counts only in a browser call")
    func connection() throws {
        let browser = try segment("{}", isBrowser: true)
        #expect(browser["client_ip_address"] == "198.51.100.7")
        #expect(browser["client_user_agent"] == "Browser/1")
        let server = try segment("{}", isBrowser: false)
        #expect(server["client_ip_address"] == nil)
        #expect(server["client_user_agent"] == nil)
    }

    @Test("Segment's context comes before the connection, explicit properties before both")
    func context() throws {
        let context = #"{"ip":"203.0.113.1","userAgent":"App/2"}"#
        let outcome = try segment(context, isBrowser: true)
        #expect(outcome["client_ip_address"] == "203.0.113.1")
        #expect(outcome["client_user_agent"] == "App/2")
        let explicit = try segment(
            context, isBrowser: true,
            properties: #"{"client_ip_address":"203.0.113.2","client_user_agent":"Mine/3"}"#)
        #expect(explicit["client_ip_address"] == "203.0.113.2")
        #expect(explicit["client_user_agent"] == "Mine/3")
    }

    @Test("0.0.0.0 and :: mean no address at all", arguments: ["0.0.0.0", "::", " 0.0.0.0 "])
    func unspecified(address: String) throws {
        #expect(try segment("{\"ip\":\"\(address)\"}", isBrowser: true)["client_ip_address"] == nil)
        for key in ["_uip", "x-ga-mp2-_uip", "ip_override"] {
            let outcome = try hit("purchase", "\"\(key)\":\"\(address)\"") { connect(&$0, &$1, isBrowser: true) }
            #expect(outcome["client_ip_address"] == nil)
        }
    }

    @Test("who says \"no address\" is heard whatever else is said")
    func unspecifiedWins() throws {
        let outcome = try segment(
            #"{"ip":"0.0.0.0"}"#, isBrowser: true, properties: #"{"client_ip_address":"203.0.113.2"}"#)
        #expect(outcome["client_ip_address"] == nil)
    }

    @Test("what a browser hit says of its address counts only as an option")
    func hitOverride() throws {
        let members = #""ip_override":"203.0.113.1","user_agent":"Mine/3""#
        let plain = try hit("purchase", members) { connect(&$0, &$1, isBrowser: true) }
        #expect(plain["client_ip_address"] == "198.51.100.7")
        #expect(plain["client_user_agent"] == "Browser/1")
        var settings = MappingSettings()
        settings.ipOverrideFromBrowser = true
        let trusted = try hit("purchase", members, settings: settings) { connect(&$0, &$1, isBrowser: true) }
        #expect(trusted["client_ip_address"] == "203.0.113.1")
        #expect(trusted["client_user_agent"] == "Mine/3")
    }

    @Test("the Measurement Protocol's address and user agent count")
    func measurementProtocol() throws {
        func outcome(_ members: String, isBrowser: Bool) throws -> Outcome {
            try map("{\"event_name\":\"purchase\"\(members)}", .measurementProtocol) {
                connect(&$0, &$1, isBrowser: isBrowser)
            }
        }
        let own = try outcome(#","ip_override":"203.0.113.1","user_agent":"Mine/3""#, isBrowser: false)
        #expect(own["client_ip_address"] == "203.0.113.1")
        #expect(own["client_user_agent"] == "Mine/3")
        #expect(try outcome("", isBrowser: false)["client_ip_address"] == nil)
        #expect(try outcome("", isBrowser: true)["client_ip_address"] == "198.51.100.7")
        let user = #","user_data":{"client_ip_address":"203.0.113.5","user_agent":"U/1"}"#
        #expect(try outcome(user, isBrowser: false)["client_ip_address"] == "203.0.113.5")
        #expect(try outcome(user, isBrowser: false)["client_user_agent"] == "U/1")
    }

    @Test(
        "the source of the action is explicit, shown by library or system, or web",
        arguments: [
            ("{}", #"{"action_source":"offline"}"#, "offline"), ("{}", #"{"action_source":" APP_IOS "}"#, "app_ios"),
            (#"{"library":{"name":"analytics-ios"}}"#, "{}", "app_ios"),
            (#"{"library":{"name":"analytics-swift"}}"#, "{}", "app_ios"),
            (#"{"library":{"name":"analytics-android"}}"#, "{}", "app_android"),
            (#"{"library":{"name":"analytics-kotlin"}}"#, "{}", "app_android"),
            (#"{"library":{"name":"com.rudderstack.android.sdk.core"}}"#, "{}", "app_android"),
            (#"{"library":{"name":"analytics-react-native"},"os":{"name":"Android"}}"#, "{}", "app_android"),
            (#"{"os":{"name":"iOS"}}"#, "{}", "app_ios"), (#"{"os":{"name":"iPadOS"}}"#, "{}", "app_ios"),
            (#"{"os":{"name":"Windows"}}"#, "{}", "web"), (#"{"device":{"type":"android"}}"#, "{}", "app_android"),
            (#"{"device":{"type":"ios"}}"#, "{}", "app_ios"),
            (#"{"library":{"name":"analytics.js"},"os":{"name":"iOS"}}"#, "{}", "web"),
            (#"{"library":{"name":"axios"}}"#, "{}", "web"), (#"{"library":{"name":"analytics-python"}}"#, "{}", "web"),
            (#"{"os":{"name":"iOS"}}"#, #"{"action_source":"web"}"#, "web"), ("{}", "{}", "web"),
            (#"{"os":{"name":"iOS"}}"#, #"{"action_source":"server"}"#, "app_ios"),
            (#"{"channel":"server"}"#, "{}", "web"),
        ])
    func actionSource(context: String, properties: String, expected: String) throws {
        #expect(try segment(context, isBrowser: false, properties: properties)["action_source"] == expected)
    }

    @Test("an unknown source of the action is told and fails nothing")
    func unknownActionSource() throws {
        let outcome = try segment("{}", isBrowser: false, properties: #"{"action_source":"server"}"#)
        #expect(outcome["action_source"] == "web")
        #expect(outcome.warnings == ["action_source unusable"])
    }

    @Test(
        "an app body shows its system, else the source's setting, else Android",
        arguments: [
            (#","firebase_app_id":"1:2","device":{"operating_system":"iOS"}"#, nil, "app_ios"),
            (#","app_instance_id":"x","device":{"operating_system":"ANDROID"}"#, nil, "app_android"),
            (#","firebase_app_id":"1:2""#, ActionSource.appIOS, "app_ios"),
            (#","firebase_app_id":"1:2""#, nil, "app_android"),
            (#","firebase_app_id":"1:2","action_source":"web""#, nil, "web"),
            (#","client_id":"1.2","device":{"operating_system":"iOS"}"#, nil, "web"),
            ("", ActionSource.offline, "offline"),
        ])
    func appBody(members: String, configured: ActionSource?, expected: String) throws {
        var settings = MappingSettings()
        settings.defaultActionSource = configured
        let outcome = try map("{\"event_name\":\"purchase\"\(members)}", .measurementProtocol, settings: settings)
        #expect(outcome["action_source"] == expected)
        #expect(outcome.warnings.isEmpty)
    }

    private let appContext = #"""
        {"app":{"namespace":"com.a","name":"A","version":"1"},"device":{"manufacturer":"M","model":"D","type":"ios"},
        "network":{"carrier":"T","wifi":true},"os":{"name":"iOS","version":"17.1"}}
        """#
    private let appFields = [
        "app_id": "com.a", "app_name": "A", "app_version": "1", "device_brand": "M", "device_model": "D",
        "device_type": "ios", "device_carrier": "T", "wifi": "true", "os_version": "17.1",
    ]

    @Test("an app event carries app and device fields")
    func appFieldsOfApp() throws {
        let outcome = try segment(appContext, isBrowser: false)
        for (field, expected) in appFields { #expect(outcome[field] == expected) }
        #expect(outcome["app_info"] == nil)
    }

    @Test("a web event carries none")
    func appFieldsOfWeb() throws {
        let outcome = try segment(appContext, isBrowser: false, properties: #"{"action_source":"web","app_id":"x"}"#)
        for field in appFields.keys { #expect(outcome[field] == nil) }
    }

    @Test("explicit app fields beat the context's, and the objects are taken as given")
    func explicitAppFields() throws {
        let outcome = try segment(
            appContext, isBrowser: false,
            properties:
                #"{"app_id":"mine","wifi":"false","app_info":{"app_id":"i"},"device_info":"{\"brand\":\"b\",\"model\":1}"}"#
        )
        #expect(outcome["app_id"] == "mine")
        #expect(outcome["wifi"] == "false")
        #expect(outcome["app_info"] == "1")
        #expect(outcome["device_info"] == "2")
    }

    @Test("GA4 app fields are parameters of those names")
    func ga4AppFields() throws {
        let outcome = try hit(
            "purchase", #""action_source":"app_android","app_id":"a","device_brand":"b","os_version":14,"wifi":"true""#)
        #expect(outcome["app_id"] == "a")
        #expect(outcome["device_brand"] == "b")
        #expect(outcome["os_version"] == "14")
        #expect(outcome["wifi"] == "true")
        #expect(try hit("purchase", #""app_id":"a""#)["app_id"] == nil)
    }
}
