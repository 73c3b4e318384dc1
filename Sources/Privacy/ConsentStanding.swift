import RelayModel

/// What consent leaves of an event.
enum ConsentStanding: Hashable {
    /// It is sent as it is.
    case whole
    /// It is sent with `opt_out: true` and, of the person, the address and user agent only.
    case optedOut
    /// It is not sent.
    case refused
}

extension PrivacyRules {
    /// Decides by policy and signals (`mapping.md` 5 and 9.7). Global Privacy Control never lets an event through that
    /// the consent policy refuses.
    func standing(of signal: ConsentSignal, globalPrivacyControl: Bool) -> ConsentStanding {
        if isDenial(signal) {
            switch onDenial {
            case .drop: return .refused
            case .optOut: return .optedOut
            }
        }
        return globalPrivacyControl && honoursGlobalPrivacyControl ? .optedOut : .whole
    }

    private func isDenial(_ signal: ConsentSignal) -> Bool {
        let isDenied = signal.isDenied || (personalizationDenialCounts && signal.adPersonalization == .denied)
        switch consent {
        case .ignore: return false
        case .respect: return isDenied
        case .require: return isDenied || signal.isUnsaid
        }
    }
}
