public import RelayModel

/// The upstream's closed schema and its minimum-data rule (`pinterest-api.md` 2), applied before the journal so that
/// one bad event cannot spoil a batch later. Keys and JSON types are right by construction, since
/// ``PinterestEventEncoder`` can write no others; what is checked here are values. Nothing is allocated.
public enum PinterestSchema {
    /// Why an event cannot be sent.
    public struct Fault: Hashable, Sendable {
        /// ``DeadReason/schema`` or ``DeadReason/noIdentity``.
        public let reason: DeadReason
        /// The upstream field at fault, as `custom_data.currency`.
        public let field: String
    }

    /// - Returns: the first fault; nil when the event may be sent.
    public static func fault(of event: borrowing ConversionEvent) -> Fault? {
        if let field = headFault(event) ?? userFault(event) ?? customFault(event) {
            return Fault(reason: .schema, field: field)
        }
        return hasIdentity(event.user) ? nil : Fault(reason: .noIdentity, field: "user_data")
    }

    /// `em`, or `hashed_maids`, or address and user agent together.
    private static func hasIdentity(_ user: borrowing ConversionUser) -> Bool {
        !user.em.isEmpty || !user.hashedMaids.isEmpty || !(user.address.text.isEmpty || user.userAgent.text.isEmpty)
    }

    private static func headFault(_ event: borrowing ConversionEvent) -> String? {
        if !isName(event) { return "event_name" }
        if event.eventID.isEmpty { return "event_id" }
        // Whole seconds: a time in milliseconds would lie far beyond this.
        if !(1..<100_000_000_000).contains(event.eventTime) { return "event_time" }
        if !isAbsent(event.language, or: isLanguage, in: event) { return "language" }
        if !isAbsent(event.app.appInfoJSON, or: isObject, in: event) { return "app_info" }
        if !isAbsent(event.app.deviceInfoJSON, or: isObject, in: event) { return "device_info" }
        return nil
    }

    private static func userFault(_ event: borrowing ConversionEvent) -> String? {
        if !isAbsent(event.user.address.text, or: isAddress, in: event) { return "user_data.client_ip_address" }
        if !isAbsent(event.user.clickID, or: isClickID, in: event) { return "user_data.click_id" }
        return nil
    }

    private static func customFault(_ event: borrowing ConversionEvent) -> String? {
        if !isAbsent(event.custom.currency, or: isCurrency, in: event) { return "custom_data.currency" }
        if !isAbsent(event.custom.value, or: isDecimal, in: event) { return "custom_data.value" }
        if !isAbsent(event.custom.predictedLTV, or: isDecimal, in: event) { return "custom_data.predicted_ltv" }
        if !isAbsent(event.custom.optOutType, or: { $0.matches("LDP") }, in: event) {
            return "custom_data.opt_out_type"
        }
        for item in event.custom.contents where !isAbsent(item.itemPrice, or: isDecimal, in: event) {
            return "custom_data.contents.item_price"
        }
        return nil
    }

    // MARK: Forms

    private static func isAbsent(
        _ text: ClearText, or fits: (Span<UInt8>) -> Bool, in event: borrowing ConversionEvent
    ) -> Bool {
        text.isEmpty || fits(event.text.span.extracting(text.range))
    }

    private static func isName(_ event: borrowing ConversionEvent) -> Bool {
        guard case .advertiserDefined(let name) = event.name else { return true }
        return (1...PinterestContract.maxEventNameByteCount).contains(Int(name.count))
            && event.text.span.extracting(name.range).all {
                isLetter($0) || isDigit($0) || $0 == dash || $0 == underscore
            }
    }

    private static func isLanguage(_ text: Span<UInt8>) -> Bool {
        text.count == 2 && text.all(isLetter)
    }

    private static func isCurrency(_ text: Span<UInt8>) -> Bool {
        text.count == 3 && text.all { isLetter($0) && $0 < UInt8(ascii: "a") }
    }

    /// Digits, an optional minus, at most one point with digits on both sides; no exponent.
    private static func isDecimal(_ text: Span<UInt8>) -> Bool {
        let start = !text.isEmpty && text[0] == dash ? 1 : 0
        guard start < text.count, isDigit(text[start]), isDigit(text[text.count - 1]) else { return false }
        var points = 0
        for index in start..<text.count where !isDigit(text[index]) {
            guard text[index] == point else { return false }
            points += 1
        }
        return points <= 1
    }

    private static func isAddress(_ text: Span<UInt8>) -> Bool {
        text.count <= 45 && text.all { isHexDigit($0) || $0 == point || $0 == UInt8(ascii: ":") }
    }

    private static func isClickID(_ text: Span<UInt8>) -> Bool {
        text.count <= PinterestContract.maxClickIDByteCount
            && text.all {
                isLetter($0) || isDigit($0) || $0 == dash || $0 == underscore || $0 == point
                    || $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "%")
            }
    }

    private static func isObject(_ json: Span<UInt8>) -> Bool {
        json.count >= 2 && json[0] == UInt8(ascii: "{") && json[json.count - 1] == UInt8(ascii: "}")
    }

    private static let dash = UInt8(ascii: "-")
    private static let underscore = UInt8(ascii: "_")
    private static let point = UInt8(ascii: ".")
}

extension Span<UInt8> {
    @inline(__always)
    fileprivate func all(_ fits: (UInt8) -> Bool) -> Bool {
        for index in indices where !fits(self[index]) { return false }
        return true
    }
}

func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }

func isHexDigit(_ byte: UInt8) -> Bool { isDigit(byte) || (byte | 0x20) &- UInt8(ascii: "a") < 6 }
