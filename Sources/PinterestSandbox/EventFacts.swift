import RelayModel

/// What one walk over an event brings to light; the event has passed the schema, so every value has its type.
struct EventFacts {
    private(set) var id = ""
    private(set) var name = ""
    private(set) var time: Int64 = 0
    private(set) var hasValidName = false
    private(set) var hasKnownSource = false
    private(set) var hasValidAmounts = true
    private(set) var warnings: [StaticString] = []

    init(_ node: TapeNode, on tape: borrowing EventTape) {
        var cursor = tape.firstMember(node)
        while let member = cursor {
            takeEventKey(member, on: tape)
            cursor = tape.nextMember(after: member, in: node)
        }
    }

    private mutating func takeEventKey(_ member: TapeMember, on tape: borrowing EventTape) {
        let key = tape[tape.key(member)]
        if Keys.eventName.equals(key) {
            takeName(tape.string(member.value), on: tape)
        } else if Keys.eventID.equals(key) {
            id = tape.copyString(tape.string(member.value))
        } else if Keys.eventTime.equals(key) {
            time = tape.integer(member.value) ?? 0
        } else if Keys.actionSource.equals(key) {
            let source = tape[tape.string(member.value)]
            hasKnownSource = Keys.sources.contains { $0.equals(source) }
        } else if Keys.userData.equals(key) {
            takeUser(member.value, on: tape)
        } else if Keys.customData.equals(key) {
            takeCustomData(member.value, on: tape)
        }
    }

    private mutating func takeName(_ ref: TextRef, on tape: borrowing EventTape) {
        name = tape.copyString(ref)
        let bytes = tape[ref]
        hasValidName = (1...100).contains(bytes.count) && bytes.allSatisfy(Self.isNameByte)
        if !Keys.names.contains(where: { $0.equals(bytes) }) {
            warnings.append("event_name is not a standard event name and is labelled Unknown")
        }
    }

    private mutating func takeUser(_ user: TapeNode, on tape: borrowing EventTape) {
        var hasExternalID = false
        var hasClickID = false
        var cursor = tape.firstMember(user)
        while let member = cursor {
            let key = tape[tape.key(member)]
            if let index = Keys.hashed.firstIndex(where: { $0.equals(key) }) {
                if !Self.holdsHashes(member.value, on: tape) { warnings.append(Keys.hashWarnings[index]) }
                hasExternalID = hasExternalID || Keys.externalID.equals(key)
            } else if Keys.clickID.equals(key) {
                hasClickID = tape.string(member.value).count > 0
            } else if Keys.clientAddress.equals(key), StaticString("0.0.0.0").equals(tape[tape.string(member.value)]) {
                warnings.append("client_ip_address is not an address of a client")
            }
            cursor = tape.nextMember(after: member, in: user)
        }
        if !hasExternalID { warnings.append("external_id is missing. We highly recommend this on all events") }
        if !hasClickID { warnings.append("click_id is missing") }
    }

    private mutating func takeCustomData(_ custom: TapeNode, on tape: borrowing EventTape) {
        for key in [StaticString("value"), "predicted_ltv"] {
            guard let value = tape.value(custom, key) else { continue }
            hasValidAmounts = hasValidAmounts && Self.isAmount(tape[tape.string(value)])
        }
        if let currency = tape.value(custom, "currency") {
            let bytes = tape[tape.string(currency)]
            if bytes.count != 3 || !bytes.allSatisfy({ (0x41...0x5A).contains($0) }) {
                warnings.append("currency is not a three-letter code")
            }
        }
        takePrices(custom, on: tape)
    }

    private mutating func takePrices(_ custom: TapeNode, on tape: borrowing EventTape) {
        guard let contents = tape.member(custom, "contents") else { return }
        var cursor = tape.firstElement(contents)
        while let item = cursor {
            if let price = tape.member(item, "item_price") {
                hasValidAmounts = hasValidAmounts && Self.isAmount(tape[tape.string(price)])
            }
            cursor = tape.nextElement(after: item, in: contents)
        }
    }
}

extension EventFacts {
    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }

    /// A decimal number as text: sign, digits, one point, no exponent.
    private static func isAmount(_ text: ArraySlice<UInt8>) -> Bool {
        let unsigned = text.first == UInt8(ascii: "-") ? text.dropFirst() : text
        let parts = unsigned.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        return !parts.isEmpty && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy { (0x30...0x39).contains($0) } }
    }

    /// True when every value of the array is a SHA-256 in lower-case hex.
    private static func holdsHashes(_ array: TapeNode, on tape: borrowing EventTape) -> Bool {
        var cursor = tape.firstElement(array)
        while let element = cursor {
            let text = tape[tape.string(element)]
            guard text.count == 64, text.allSatisfy(isLowerHex) else { return false }
            cursor = tape.nextElement(after: element, in: array)
        }
        return true
    }

    private static func isLowerHex(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
    }
}

private enum Keys {
    static let eventName: StaticString = "event_name"
    static let eventID: StaticString = "event_id"
    static let eventTime: StaticString = "event_time"
    static let actionSource: StaticString = "action_source"
    static let userData: StaticString = "user_data"
    static let customData: StaticString = "custom_data"
    static let externalID: StaticString = "external_id"
    static let clickID: StaticString = "click_id"
    static let clientAddress: StaticString = "client_ip_address"
    static let sources: [StaticString] = ["web", "app_android", "app_ios", "offline"]
    static let names: [StaticString] = [
        "add_payment_info", "add_to_cart", "add_to_wishlist", "app_install", "app_open", "checkout", "contact",
        "custom", "customize_product", "find_location", "initiate_checkout", "lead", "page_visit", "schedule",
        "search", "signup", "start_trial", "submit_application", "subscribe", "view_category", "view_content",
        "watch_video",
    ]
    static let hashed: [StaticString] = [
        "em", "ph", "external_id", "hashed_maids", "fn", "ln", "ge", "db", "ct", "st", "zp", "country",
    ]
    /// In the order of ``hashed``.
    static let hashWarnings: [StaticString] = [
        "'em' is not in sha256 hashed format", "'ph' is not in sha256 hashed format",
        "'external_id' is not in sha256 hashed format", "'hashed_maids' is not in sha256 hashed format",
        "'fn' is not in sha256 hashed format", "'ln' is not in sha256 hashed format",
        "'ge' is not in sha256 hashed format", "'db' is not in sha256 hashed format",
        "'ct' is not in sha256 hashed format", "'st' is not in sha256 hashed format",
        "'zp' is not in sha256 hashed format", "'country' is not in sha256 hashed format",
    ]
}
