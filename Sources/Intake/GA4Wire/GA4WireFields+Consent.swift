import RelayModel

// `gcs`, `gcd` and `npa`: three spellings of one matter, read into one signal.
extension ConsentSignal {
    /// Reads Google's consent parameters (`ga4-wire.md` 4.2). Where they disagree, a denial wins.
    /// - Parameters:
    ///   - gcs: `G1` + ad_storage + analytics_storage; empty without one.
    ///   - gcd: `1`, then pairs for ad_storage, analytics_storage, ad_user_data, ad_personalization; a missing tail is
    ///     unsaid.
    ///   - deniesPersonalization: `npa=1`.
    init(gcs: ArraySlice<UInt8>, gcd: ArraySlice<UInt8>, deniesPersonalization: Bool) {
        self.init()
        let storage = GCDPair(gcd, 0)
        adUserData = GCDPair(gcd, 2).state(besides: storage)
        adPersonalization = deniesPersonalization ? .denied : GCDPair(gcd, 3).state(besides: storage)
        adStorage = storage.state(besides: storage).joined(with: adStorageState(gcs))
    }
}

extension ConsentSignal.State {
    /// One of two sayings on the same matter: a denial wins over a grant, a grant over silence.
    func joined(with other: Self) -> Self {
        if self == .denied || other == .denied { return .denied }
        return self == .granted || other == .granted ? .granted : .unset
    }

    /// The wire's two bits: 1 unset, 2 denied, 3 granted.
    fileprivate init(bits: UInt8) {
        self = bits & 3 == 2 ? .denied : bits & 3 == 3 ? .granted : .unset
    }
}

private func adStorageState(_ gcs: ArraySlice<UInt8>) -> ConsentSignal.State {
    guard gcs.count >= 3, gcs.starts(with: "G1".utf8) else { return .unset }
    switch gcs[gcs.startIndex + 2] {
    case UInt8(ascii: "1"): return .granted
    case UInt8(ascii: "0"): return .denied
    default: return .unset
    }
}

/// Two characters of `gcd`: the first says what is implied or delegated, the second what was declared, set as default
/// and updated.
private struct GCDPair {
    private let implied: UInt8
    private let said: UInt8

    init(_ gcd: ArraySlice<UInt8>, _ number: Int) {
        let at = gcd.startIndex + 1 + 2 * number
        let isPresent = gcd.first == UInt8(ascii: "1") && at + 1 < gcd.endIndex
        implied = isPresent ? alphabetIndex(gcd[at]) : 0
        said = isPresent ? alphabetIndex(gcd[at + 1]) : 0
    }

    /// What the page's own commands say come first, then what they say of `ad_storage` where that is to decide, then a
    /// declaration, then an implied denial. An implied grant is no signal: it is also sent by sites that know no consent
    /// mode.
    func state(besides storage: GCDPair) -> ConsentSignal.State {
        if commanded != .unset { return commanded }
        if isDelegatedToAdStorage, storage.commanded != .unset { return storage.commanded }
        let declared = ConsentSignal.State(bits: said >> 4)
        if declared != .unset { return declared }
        return implied & 3 == 2 ? .denied : .unset
    }

    /// An update beats the default.
    private var commanded: ConsentSignal.State {
        let update = ConsentSignal.State(bits: said)
        return update == .unset ? ConsentSignal.State(bits: said >> 2) : update
    }

    private var isDelegatedToAdStorage: Bool { implied >> 2 == 12 }
}

/// The place of a character in `0-9a-zA-Z-_`; 0, which says nothing, for any other.
private func alphabetIndex(_ byte: UInt8) -> UInt8 {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - UInt8(ascii: "A") + 36
    case UInt8(ascii: "-"): 62
    case UInt8(ascii: "_"): 63
    default: 0
    }
}
