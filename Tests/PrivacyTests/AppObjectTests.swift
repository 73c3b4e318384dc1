import Foundation
import JSONTape
import RelayModel
import Testing

@testable import Privacy

@Suite("App and device objects")
struct AppObjectTests {
    /// Sends one `app_info` and one `device_info` with an app event.
    private func run(app: String? = nil, device: String? = nil, source: ActionSource = .appIOS) throws -> PrivacyResult
    {
        var trial = PrivacyTrial()
        trial.event.actionSource = source
        let body = "{\"app\":\(app ?? "null"),\"device\":\(device ?? "null")}"
        let root = try JSONTapeParser().parse(Array(body.utf8).span, onto: &trial.tape)
        trial.event.app.appInfo = trial.tape.value(root, "app")
        trial.event.app.deviceInfo = trial.tape.value(root, "device")
        trial.event.app.appID = trial.text("com.shop")
        trial.event.app.wifi = false
        return try trial.run()
    }

    private func appInfo(_ result: PrivacyResult) -> String { result.string(result.event.app.appInfoJSON) }

    private func deviceInfo(_ result: PrivacyResult) -> String { result.string(result.event.app.deviceInfoJSON) }

    @Test("every key that the schema knows passes with its value")
    func passesKnownKeys() throws {
        let app = """
            {"app_id":"1","app_name":"Shop","app_package_name":"com.shop","app_store":"s","app_version":"2",\
            "install_time":1700000000,"user_agent":"u \\"q\\"","window_height":30720,"window_width":0}
            """
        let device = """
            {"battery_level":100,"brand":"b","carrier":"c","cpu_cores":8,"external_storage_free_space":1,\
            "external_storage_size":1048576,"form_factor":"tv","kernel_version":"k","languages":["en","DE"],\
            "locale":"en-US","model":"m","network_type":"cellular_5g","os_family":"bsd","os_name":"o",\
            "os_release_name":"r","os_version":"v","screen_density":460,"screen_height":2796,"screen_width":1290,\
            "storage_free_space":3,"storage_size":128,"timezone":"Europe/Berlin","timezone_abbr":"CET","type":"t"}
            """
        let result = try run(app: app, device: device)
        #expect(appInfo(result) == app)
        #expect(deviceInfo(result) == device)
        #expect(result.warnings.isEmpty)
        #expect(result.string(result.event.app.appID) == "com.shop")
        #expect(result.event.app.wifi == false)
    }

    @Test(
        "wrong types and values are left out with a warning that names the key",
        arguments: [
            (#"{"battery_level":101,"brand":"b"}"#, "battery_level", "unusable"),
            (#"{"battery_level":-1,"brand":"b"}"#, "battery_level", "unusable"),
            (#"{"battery_level":"80","brand":"b"}"#, "battery_level", "unusable"),
            (#"{"battery_level":0.5,"brand":"b"}"#, "battery_level", "unusable"),
            (#"{"brand":"b","model":7}"#, "model", "unusable"),
            (#"{"brand":"b","model":["m"]}"#, "model", "unusable"),
            (#"{"brand":"b","timezone_abbr":"CESTXX"}"#, "timezone_abbr", "too_long"),
            (#"{"brand":"b","form_factor":"toaster"}"#, "form_factor", "unusable"),
            (#"{"brand":"b","os_family":7}"#, "os_family", "unusable"),
            (#"{"brand":"b","languages":"en"}"#, "languages", "unusable"),
            (#"{"brand":"b","languages":["eng",7,{}]}"#, "languages", "unusable"),
        ])
    func leavesOut(device: String, key: String, kind: String) throws {
        let result = try run(device: device)
        #expect(deviceInfo(result) == #"{"brand":"b"}"#)
        #expect(result.warnings.map(\.field) == ["device_info.\(key)"])
        #expect(result.kinds.map(\.rawValue) == [kind])
    }

    @Test("an unknown key never leaves")
    func unknownKeys() throws {
        let result = try run(app: #"{"email":"jane@example.com","app_id":"1","x":{"app_id":"2"}}"#)
        #expect(appInfo(result) == #"{"app_id":"1"}"#)
        #expect(result.warnings.map(\.field) == ["app_info"])
        #expect(result.kinds == [.unusable])
    }

    @Test("lengths count characters, not bytes")
    func countsCharacters() throws {
        let result = try run(device: #"{"timezone_abbr":"ÄÖÜßé"}"#)
        #expect(deviceInfo(result) == #"{"timezone_abbr":"ÄÖÜßé"}"#)
    }

    @Test("a hundred languages pass, the next is left out")
    func limitsLanguages() throws {
        let languages = [String](repeating: #""en""#, count: 101).joined(separator: ",")
        let result = try run(device: "{\"languages\":[\(languages)]}")
        #expect(deviceInfo(result).components(separatedBy: "en").count == 101)
        #expect(deviceInfo(result).hasSuffix(#""en"]}"#))
        #expect(result.kinds == [.tooLong])
    }

    @Test("an object without a usable key is absent", arguments: ["{}", #"{"brand":null,"model":" "}"#])
    func emptyObjects(device: String) throws {
        let result = try run(device: device)
        #expect(result.event.app.deviceInfoJSON.isEmpty)
        #expect(result.warnings.isEmpty)
    }

    @Test("what is no object is left out", arguments: ["7", #""x""#, "[]", "true"])
    func noObjects(app: String) throws {
        let result = try run(app: app)
        #expect(result.event.app.appInfoJSON.isEmpty)
        #expect(result.kinds == [.unusable])
    }

    @Test("app fields leave with app events only", arguments: ActionSource.allCases)
    func appEventsOnly(source: ActionSource) throws {
        let result = try run(app: #"{"app_id":"1"}"#, source: source)
        #expect(result.event.app.appInfoJSON.isEmpty != source.isApp)
        #expect(result.event.app.appID.isEmpty != source.isApp)
        #expect((result.event.app.wifi == nil) != source.isApp)
    }
}
