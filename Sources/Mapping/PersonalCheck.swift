import RelayModel

/// What must hold for a person's value to count; `Privacy` judges and normalises what is left.
enum PersonalCheck {
    case none
    /// An id, a name or a place: no placeholder.
    case identity
    /// An e-mail address or the hash of one.
    case email
    /// An advertising id.
    case advertisingID

    /// - Parameter text: a value, trimmed and not empty.
    /// - Returns: why it does not count; nil when it does.
    func fault(in text: Span<UInt8>) -> WarningKind? {
        switch self {
        case .none: nil
        case .identity: Placeholders.contains(text) ? .placeholder : nil
        case .advertisingID: Placeholders.contains(text) || Placeholders.isZeroID(text) ? .placeholder : nil
        case .email: emailFault(in: text)
        }
    }

    private func emailFault(in text: Span<UInt8>) -> WarningKind? {
        if let at = text.firstIndex(of: UInt8(ascii: "@"), from: 0) {
            let isAddress =
                at > 0 && at + 1 < text.count && text.firstIndex(of: UInt8(ascii: "@"), from: at + 1) == nil
            return isAddress ? nil : .notAnEmail
        }
        if Placeholders.contains(text) { return .placeholder }
        for index in text.indices where hexValue(text[index]) == nil { return .notAnEmail }
        switch text.count {
        case 64: return nil
        case 32, 40: return .weakHash
        default: return .notAnEmail
        }
    }
}
