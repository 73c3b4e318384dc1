@testable import RelayApp

// `privacy`.
extension KeyEffect {
    private static func privacy(_ members: String) -> ConfigDraft { .root("privacy: { \(members) }") }

    private static let page = "dl=https%3A%2F%2Fshop.example%2Fp%3Fcustomer%3D7%26code%3D8"
    private static let device =
        #""device":{"advertisingId":"EA7583CD-A667-48BC-B806-42ECB2B48606","adTrackingEnabled":true,"type":"ios"}"#
    private static let limited = #""opt_out_type":"LDP""#

    static let privacy: [KeyEffect] = [
        KeyEffect("privacy.consent", from: consented, requiring, .takes("shop:checkout"), hit()),
        KeyEffect(
            "privacy.on_denial", from: .root(trusting + " }"),
            .root("privacy: { on_denial: opt_out }\n" + trusting + " }"), .gives(#""opt_out":true"#),
            hit("gcs=G100", headers: browser)),
        KeyEffect("privacy.external_id_case", privacy("external_id_case: keep"), .changes("external_id"), order()),
        KeyEffect(
            "privacy.hashed_maids_case", privacy("hashed_maids_case: keep"), .changes("hashed_maids"),
            order(context: device)),
        KeyEffect(
            "privacy.birthday_order", privacy("birthday_order: day_first"), .changes("db"),
            order(traits: #""birthday":"04/05/1990""#)),
        KeyEffect(
            "privacy.ldp.states", privacy("ldp: { states: [CA] }"), .gives(limited),
            order(traits: #""address":{"state":"CA","country":"US"}"#)),
        KeyEffect(
            "privacy.ldp.us_privacy", privacy("ldp: { us_privacy: true }"), .gives(limited),
            order(#""properties":{"us_privacy":"1YYN"}"#)),
        KeyEffect(
            "privacy.ldp.gpp", privacy("ldp: { gpp: true }"), .gives(limited),
            hit("sst.gpp=DBABLA~BVVVkkkkkpFY&sst.gpp_sid=7")),
        KeyEffect(
            "privacy.gpc_as_opt_out", privacy("gpc_as_opt_out: true"), .takes("shop:checkout"),
            hit(headers: ["Sec-GPC": "1"])),
        KeyEffect(
            "privacy.personalization_denial_counts", privacy("personalization_denial_counts: true"),
            .takes("shop:checkout"), hit("npa=1")),
        KeyEffect("privacy.scrub_url_keys", privacy("scrub_url_keys: [customer]"), .takes("customer=7"), hit(page)),
        KeyEffect("privacy.keep_url_keys", privacy("keep_url_keys: [code]"), .gives("code=8"), hit(page)),
        KeyEffect(
            "privacy.filter_bots", privacy("filter_bots: false"), .gives("shop:checkout"),
            hit(headers: ["User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"])),
    ]

    /// A Segment source that may be told to require consent.
    private static let consented = ConfigDraft.backend("consent_category: Ads")
    private static let requiring = ConfigDraft(backend: "consent_category: Ads", root: "privacy: { consent: require }")
}
