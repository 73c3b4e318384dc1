public import RelayModel

extension PrivacyStage {
    /// Whether consent lets something be kept in the person's browser (`mapping.md` 4.4): never after a denial, even
    /// where the policy ignores denials for sending; where consent is required, only with a grant of `ad_storage`.
    public func allowsStorage(_ signal: ConsentSignal) -> Bool {
        !signal.isDenied && (rules.consent != .require || signal.adStorage == .granted)
    }
}
