import RelayModel

/// Maps an event that is already in Pinterest's shape, field by field: every name means itself, nothing is derived.
///
/// The event has passed the upstream's schema, so keys and types are right; whatever is not is passed over.
struct PinterestEventReader: ~Copyable {
    private let event: SourceEvent
    private var tape: EventTape
    private var mapped = MappedEvent(name: .standard(.custom))

    /// - Returns: nil when the event was appended to `out`, else why it is not sent.
    static func map(
        _ event: SourceEvent, on tape: inout EventTape, into out: inout [MappedEvent]
    ) -> NotSentReason? {
        // The reader owns the tape while it works, as the mapper does.
        var reader = PinterestEventReader(event, tape: tape)
        let reason = reader.readTime()
        if reason == nil {
            reader.readEvent()
            out.append(reader.mapped)
        }
        tape = reader.tape
        return reason
    }

    private init(_ event: SourceEvent, tape: consuming EventTape) {
        self.event = event
        self.tape = tape
    }

    /// Whole seconds; beyond what they can hold lies the future.
    private mutating func readTime() -> NotSentReason? {
        let now = event.call.receivedAtMicros / EventTimes.microsPerSecond
        let time = tape.member(event.root, "event_time").flatMap { tape.integer($0) } ?? .max
        if time > now, time - now > EventTimes.maximumAhead / EventTimes.microsPerSecond { return .future }
        if time < 0 || now - time > EventTimes.maximumAge / EventTimes.microsPerSecond { return .tooOld }
        mapped.eventTime = min(time, now)
        if time > now { warn("event_time", .timeAdjusted) }
        return nil
    }

    private mutating func readEvent() {
        let root = event.root
        mapped.name = readName()
        mapped.eventID = text(root, "event_id")
        mapped.actionSource = readActionSource()
        mapped.sourceURL = PersonalText(text(root, "event_source_url"))
        mapped.optOut = flag(root, "opt_out") ?? false
        mapped.language = text(root, "language")
        mapped.partnerName = text(root, "partner_name")
        mapped.globalPrivacyControl = event.call.globalPrivacyControl
        readApp(root)
        if let user = tape.value(root, "user_data") { readPerson(user) }
        if let custom = tape.value(root, "custom_data") { readCustomData(custom) }
    }

    /// A name that is none of the standard ones is the advertiser's own; its form is judged with the schema.
    private mutating func readName() -> MappedName {
        let name = text(event.root, "event_name")
        for standard in StandardEvent.allCases where tape.matches(name, standard.apiName) { return .standard(standard) }
        warn("event_name", .nonStandardName)
        return .advertiserDefined(name)
    }

    private func readActionSource() -> ActionSource {
        let word = tape.member(event.root, "action_source").map { tape.string($0) } ?? .none
        return ActionSource.allCases.first { tape.matches(word, $0.apiName) } ?? .web
    }

    private mutating func readApp(_ root: TapeNode) {
        mapped.app.appID = text(root, "app_id")
        mapped.app.appName = text(root, "app_name")
        mapped.app.appVersion = text(root, "app_version")
        mapped.app.deviceBrand = text(root, "device_brand")
        mapped.app.deviceCarrier = text(root, "device_carrier")
        mapped.app.deviceModel = text(root, "device_model")
        mapped.app.deviceType = text(root, "device_type")
        mapped.app.osVersion = text(root, "os_version")
        mapped.app.wifi = flag(root, "wifi")
        mapped.app.appInfo = tape.value(root, "app_info")
        mapped.app.deviceInfo = tape.value(root, "device_info")
        if !mapped.actionSource.isApp, mapped.app.holdsSomething { warn("action_source", .notAnApp) }
    }

    private mutating func readPerson(_ user: TapeNode) {
        mapped.person.em = texts(user, "em")
        mapped.person.ph = texts(user, "ph")
        mapped.person.ge = texts(user, "ge")
        mapped.person.db = texts(user, "db")
        mapped.person.ln = texts(user, "ln")
        mapped.person.fn = texts(user, "fn")
        mapped.person.ct = texts(user, "ct")
        mapped.person.st = texts(user, "st")
        mapped.person.zp = texts(user, "zp")
        mapped.person.country = texts(user, "country")
        mapped.person.externalID = texts(user, "external_id")
        mapped.person.maids = texts(user, "hashed_maids")
        mapped.person.address = PersonalText(text(user, "client_ip_address"))
        mapped.person.userAgent = PersonalText(text(user, "client_user_agent"))
        mapped.clickID = text(user, "click_id")
        mapped.partnerID = text(user, "partner_id")
        warnOfStrangers(in: user)
    }

    private mutating func readCustomData(_ custom: TapeNode) {
        mapped.custom.currency = text(custom, "currency")
        mapped.custom.value = decimal(custom, "value")
        mapped.custom.contentIDs = textList(custom, "content_ids")
        mapped.custom.numItems = integer(custom, "num_items")
        mapped.custom.orderID = text(custom, "order_id")
        mapped.custom.searchString = text(custom, "search_string")
        mapped.custom.optOutType = text(custom, "opt_out_type")
        mapped.custom.contentName = text(custom, "content_name")
        mapped.custom.contentCategory = text(custom, "content_category")
        mapped.custom.contentBrand = text(custom, "content_brand")
        mapped.custom.predictedLTV = decimal(custom, "predicted_ltv")
        mapped.custom.namedPartner = text(custom, "np")
        mapped.custom.measurementID = text(custom, "external_measurement_id")
        mapped.custom.measurementVendorID = integer(custom, "external_measurement_vendor_id")
        guard let contents = tape.value(custom, "contents") else { return }
        var cursor = tape.firstElement(contents)
        while let element = cursor {
            let item = readItem(element)
            if !item.isEmpty { mapped.custom.contents.append(item) }
            cursor = tape.nextElement(after: element, in: contents)
        }
    }

    private mutating func readItem(_ element: TapeNode) -> ContentItem {
        var item = ContentItem()
        item.id = text(element, "id")
        item.itemPrice = decimal(element, "item_price")
        item.quantity = integer(element, "quantity")
        item.itemName = text(element, "item_name")
        item.itemCategory = text(element, "item_category")
        item.itemBrand = text(element, "item_brand")
        return item
    }

    // MARK: Values

    private func text(_ object: TapeNode, _ key: StaticString) -> TextRef {
        tape.member(object, key).map { tape.trimmed(tape.string($0)) } ?? .none
    }

    /// Decimal text in its plain form; text of another form stays as it is and fails the check before the journal.
    private mutating func decimal(_ object: TapeNode, _ key: StaticString) -> TextRef {
        let said = text(object, key)
        return tape.decimal(in: said)?.text ?? said
    }

    private func flag(_ object: TapeNode, _ key: StaticString) -> Bool? {
        tape.member(object, key).flatMap { tape.bool($0) }
    }

    private func integer(_ object: TapeNode, _ key: StaticString) -> Int64? {
        tape.member(object, key).flatMap { tape.integer($0) }
    }

    private func texts(_ object: TapeNode, _ key: StaticString) -> PersonalValues {
        var values = PersonalValues()
        for text in textList(object, key) { values.add(text) }
        return values
    }

    private func textList(_ object: TapeNode, _ key: StaticString) -> [TextRef] {
        guard let list = tape.member(object, key) else { return [] }
        var texts: [TextRef] = []
        var cursor = tape.firstElement(list)
        while let element = cursor {
            let text = tape.trimmed(tape.string(element))
            if !text.isEmpty { texts.append(text) }
            cursor = tape.nextElement(after: element, in: list)
        }
        return texts
    }

    /// `user_data` is open upstream, but what the relay does not know it cannot judge, so it does not pass it on.
    private mutating func warnOfStrangers(in user: TapeNode) {
        var cursor = tape.firstMember(user)
        while let member = cursor {
            let key = tape.key(member)
            if !Self.userKeys.contains(where: { tape.matches(key, $0) }) { return warn("user_data", .unknownKey) }
            cursor = tape.nextMember(after: member, in: user)
        }
    }

    private mutating func warn(_ field: StaticString, _ kind: WarningKind) {
        mapped.warnings.append(EventWarning(field, kind))
    }

    private static let userKeys: [StaticString] = [
        "em", "ph", "ge", "db", "ln", "fn", "ct", "st", "zp", "country", "external_id", "hashed_maids",
        "client_ip_address", "client_user_agent", "click_id", "partner_id",
    ]
}

extension AppFields {
    fileprivate var holdsSomething: Bool {
        appInfo != nil || deviceInfo != nil || wifi != nil
            || !(appID.isEmpty && appName.isEmpty && appVersion.isEmpty && deviceBrand.isEmpty && deviceCarrier.isEmpty
                && deviceModel.isEmpty && deviceType.isEmpty && osVersion.isEmpty)
    }
}
