import RelayModel

/// Root members that belong to each event of a body: read where the event's own `params` lack them.
enum MeasurementProtocolFields {
    static let shared: [StaticString] = [
        "client_id", "app_instance_id", "user_id", "user_data", "ip_override", "user_agent",
        "user_location", "device", "app_info", "device_info", "non_personalized_ads",
    ]

    /// Parameters of the query that name the sender's stream. The API secret stays out of the event data.
    static let fromQuery: [(query: StaticString, member: StaticString)] = [
        ("measurement_id", "x-ga-measurement_id"), ("firebase_app_id", "firebase_app_id"),
    ]
}

extension ConsentSignal {
    /// Reads a body's `consent` object: `GRANTED` and `DENIED` in any case; anything else is unsaid. The older
    /// `non_personalized_ads`, in both its spellings, denies `ad_personalization`, as `npa=1` does on the wire.
    init(body root: TapeNode, on tape: borrowing EventTape) {
        self.init()
        defer { if Self.refusesPersonalization(root, tape) { adPersonalization = .denied } }
        guard let consent = tape.value(root, "consent") else { return }
        adStorage = Self.state(tape.member(consent, "ad_storage"), tape)
        adUserData = Self.state(tape.member(consent, "ad_user_data"), tape)
        adPersonalization = Self.state(tape.member(consent, "ad_personalization"), tape)
    }

    private static func refusesPersonalization(_ root: TapeNode, _ tape: borrowing EventTape) -> Bool {
        let flag = tape.value(root, "non_personalized_ads") ?? tape.value(root, "nonPersonalizedAds")
        return flag.flatMap { tape.bool($0) } ?? false
    }

    private static func state(_ node: TapeNode?, _ tape: borrowing EventTape) -> State {
        guard let node else { return .unset }
        let word = tape[tape.string(node)].span
        if word.count == 7, word.hasPrefix(anyCaseOf: "granted") { return .granted }
        if word.count == 6, word.hasPrefix(anyCaseOf: "denied") { return .denied }
        return .unset
    }
}
