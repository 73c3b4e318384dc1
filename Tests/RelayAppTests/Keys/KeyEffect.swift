import Foundation
import Journal
import RelayModel
import RelayTestKit
import Settings
import Testing

@testable import RelayApp

/// How one key of the configuration shows: two configurations that differ in it, and what each leads to.
struct KeyEffect: Sendable, CustomTestStringConvertible {
    /// Looks at what a configuration leads to.
    typealias Look = @Sendable (Trial) throws -> String

    enum Expectation: Sendable {
        /// The text is seen with the key only.
        case gives(String)
        /// The text is seen without it only.
        case takes(String)
        /// The member of the event has another value, or comes or goes.
        case changes(String)
    }

    /// A configuration with what it needs around it.
    struct Trial {
        let yaml: String

        static let files = ConfigFiles { path, _ throws(ConfigFileError) in
            switch path {
            case "/secret": return "from-the-file\n"
            default: throw .unreadable
            }
        }

        func settings() throws -> RelaySettings {
            try RelaySettings(config: RelayConfig(yaml: yaml, environment: [:]), files: Self.files)
        }
    }

    /// The path without list positions.
    let key: String
    let plain: ConfigDraft
    let changed: ConfigDraft
    let expectation: Expectation
    let look: Look

    init(
        _ key: String, from plain: ConfigDraft = ConfigDraft(), _ changed: ConfigDraft, _ expectation: Expectation,
        _ look: @escaping Look
    ) {
        self.key = key
        self.plain = plain
        self.changed = changed
        self.expectation = expectation
        self.look = look
    }

    var testDescription: String { key }
}

/// A configuration with two ad accounts and a source of each kind, and places for more.
struct ConfigDraft: Sendable {
    var shopName = "shop"
    var shopAccount = "1001"
    var shopToken = "token: token-of-the-shop"
    var shop = ""
    var webName = "web"
    var webKind = "ga4"
    var web = ""
    var backendKeys = "write_keys: [wk]"
    var backend = ""
    /// Sections.
    var root = ""

    var yaml: String {
        """
        destinations:
          - { name: \(shopName), ad_account_id: "\(shopAccount)", \(shopToken)\(Self.more(shop)) }
          - { name: outlet, ad_account_id: "1002", token: token-of-the-outlet }
        sources:
          - { name: \(webName), kind: \(webKind)\(Self.more(web)) }
          - { name: backend, kind: segment, \(backendKeys)\(Self.more(backend)) }
        \(root)
        """
    }

    private static func more(_ members: String) -> String { members.isEmpty ? "" : ", " + members }

    static func shop(_ members: String) -> ConfigDraft { ConfigDraft(shop: members) }
    static func web(_ members: String) -> ConfigDraft { ConfigDraft(web: members) }
    static func backend(_ members: String) -> ConfigDraft { ConfigDraft(backend: members) }
    static func root(_ sections: String) -> ConfigDraft { ConfigDraft(root: sections) }
}

// What can be looked at.
extension KeyEffect {
    /// A value that a part of the relay works with.
    static func value(_ read: @escaping @Sendable (RelaySettings) throws -> some Any) -> Look {
        { trial in "<\(try read(trial.settings()))>" }
    }

    /// One request to the public port: its answer, and what goes to the journal.
    static func request(
        _ method: String, _ target: String, headers: [String: String] = [:], _ body: [UInt8] = []
    ) -> Look {
        { trial in
            let settings = try trial.settings()
            let rig = try DeskRig(settings: settings)
            let answer = try TestHTTPClient.send(method, port: rig.port, target, headers: headers, body: body)
            var text = "status \(answer.status)\n"
            for (name, value) in answer.headers.sorted(by: { $0.key < $1.key }) { text += "\(name): \(value)\n" }
            text += answer.text + "\n"
            for block in rig.journal.appends.flatMap(\.blocks) {
                let name = settings.destinations[block.destination].name
                for entry in block.block.entries {
                    let json = String(decoding: block.block.payload[entry.json], as: UTF8.self)
                    let event = json.firstMatch(of: /"event_name":"([^"]*)"/)?.1 ?? ""
                    text += "\(name):\(event)\n\(json)\n"
                }
            }
            return text
        }
    }

    /// A browser behind a trusted proxy, with a public address.
    static let browser = [
        "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0",
        "X-Forwarded-For": "203.0.113.9",
    ]
    static let trusting = "listen: { trusted_proxies: [127.0.0.1]"

    /// A GA4 purchase of a known person from a browser.
    static func hit(_ more: String = "", headers: [String: String] = [:], event: String = "purchase") -> Look {
        request(
            "GET", "/g/collect?v=2&tid=G-1&cid=1.2&en=\(event)&ep.user_data.email=jane%40example.com&\(more)",
            headers: headers)
    }

    /// A Segment order of a known person, with more members.
    static func order(_ more: String = "", context: String = "", traits: String = "", headers: [String: String] = [:])
        -> Look
    {
        request("POST", "/v1/track", headers: headers, Array(orderBody(more, context: context, traits: traits).utf8))
    }

    static func orderBody(_ more: String = "", context: String = "", traits: String = "") -> String {
        """
        {"writeKey":"wk","type":"track","event":"Order Completed","messageId":"m","userId":"User-1"\(joined(more)),
         "context":{"traits":{"email":"jane@example.com"\(joined(traits))}\(joined(context))}}
        """
    }

    private static func joined(_ members: String) -> String { members.isEmpty ? "" : "," + members }

    /// A relay with all its threads, on a journal of its own.
    static func running(_ look: @escaping @Sendable (RelayApp, String) throws -> String) -> Look {
        { trial in
            let folder = TemporaryFolder()
            let yaml = trial.yaml.replacing("FOLDER", with: folder.path)
            let relay = try RelayApp(settings: Trial(yaml: yaml).settings(), log: .silent)
            defer { relay.stop() }
            return try look(relay, folder.path)
        }
    }
}
