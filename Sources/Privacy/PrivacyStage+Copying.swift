import RelayModel

// What leaves in clear: texts are copied from the tape into the event.
//
// Such texts are the sender's ids and the names of products, but people type into search fields, and some shops use an
// e-mail address as an id. So an id that holds an address leaves as its hash, and any other text that does is left out.
extension PrivacyStage {
    /// The event's name, time and flags.
    mutating func copyPlain(
        _ event: borrowing MappedEvent, on tape: borrowing EventTape, into cleared: inout ConversionEvent
    ) {
        switch event.name {
        case .standard(let name): cleared.reset(name: .standard(name))
        case .advertiserDefined(let name):
            cleared.reset(name: .standard(.custom))
            cleared.name = .advertiserDefined(cleared.intern(name, of: tape))
        }
        cleared.eventTime = event.eventTime
        cleared.actionSource = event.actionSource
        cleared.optOut = event.optOut
        cleared.language = cleared.intern(event.language, of: tape)
        cleared.partnerName = copyTyped(event.partnerName, "partner_name", on: tape, into: &cleared)
    }

    /// The ids by which Pinterest tells repeats apart.
    mutating func copyIDs(
        _ event: borrowing MappedEvent, on tape: borrowing EventTape, into cleared: inout ConversionEvent,
        _ hasher: inout some TextHashing
    ) {
        cleared.eventID = copyID(event.eventID, "event_id", on: tape, into: &cleared, &hasher)
        cleared.custom.orderID = copyID(event.custom.orderID, "custom_data.order_id", on: tape, into: &cleared, &hasher)
    }

    /// An id that holds an e-mail address leaves as the hex of its SHA-256: still the same for the same id.
    private mutating func copyID(
        _ id: TextRef, _ field: StaticString, on tape: borrowing EventTape, into cleared: inout ConversionEvent,
        _ hasher: inout some TextHashing
    ) -> ClearText {
        let text = tape.text.span.extracting(id.range)
        guard EmailShape.occurs(in: text) else { return cleared.intern(id, of: tape) }
        warn(field, .personalText)
        var hex: [UInt8] = []
        hasher.sha256(text).appendHex(to: &hex)
        return cleared.intern(hex)
    }

    /// A text that people may have typed: left out when it holds an e-mail address.
    mutating func copyTyped(
        _ text: TextRef, _ field: StaticString, on tape: borrowing EventTape, into cleared: inout ConversionEvent
    ) -> ClearText {
        guard !EmailShape.occurs(in: tape.text.span.extracting(text.range)) else {
            warn(field, .personalText)
            return .none
        }
        return cleared.intern(text, of: tape)
    }

    /// `custom_data`, save `order_id` and `opt_out_type`.
    mutating func copyCustom(
        _ custom: borrowing CustomData, on tape: borrowing EventTape, into cleared: inout ConversionEvent
    ) {
        cleared.custom.currency = copyCurrency(custom.currency, on: tape, into: &cleared)
        cleared.custom.value = cleared.intern(custom.value, of: tape)
        cleared.custom.numItems = custom.numItems
        cleared.custom.searchString = copyTyped(
            custom.searchString, "custom_data.search_string", on: tape, into: &cleared)
        cleared.custom.contentName = copyTyped(custom.contentName, "custom_data.content_name", on: tape, into: &cleared)
        cleared.custom.contentCategory = copyTyped(
            custom.contentCategory, "custom_data.content_category", on: tape, into: &cleared)
        cleared.custom.contentBrand = copyTyped(
            custom.contentBrand, "custom_data.content_brand", on: tape, into: &cleared)
        cleared.custom.predictedLTV = cleared.intern(custom.predictedLTV, of: tape)
        cleared.custom.namedPartner = copyTyped(custom.namedPartner, "custom_data.np", on: tape, into: &cleared)
        cleared.custom.measurementID = copyTyped(
            custom.measurementID, "custom_data.external_measurement_id", on: tape, into: &cleared)
        cleared.custom.measurementVendorID = custom.measurementVendorID
        cleared.custom.contentIDs.reserveCapacity(custom.contentIDs.count)
        for id in custom.contentIDs {
            let copy = copyTyped(id, "custom_data.content_ids", on: tape, into: &cleared)
            if !copy.isEmpty { cleared.custom.contentIDs.append(copy) }
        }
        cleared.custom.contents.reserveCapacity(custom.contents.count)
        for item in custom.contents { cleared.custom.contents.append(copyItem(item, on: tape, into: &cleared)) }
    }

    private mutating func copyItem(
        _ item: ContentItem, on tape: borrowing EventTape, into cleared: inout ConversionEvent
    ) -> ConversionItem {
        var copy = ConversionItem()
        copy.id = copyTyped(item.id, "custom_data.contents", on: tape, into: &cleared)
        copy.itemPrice = cleared.intern(item.itemPrice, of: tape)
        copy.quantity = item.quantity
        copy.itemName = copyTyped(item.itemName, "custom_data.contents", on: tape, into: &cleared)
        copy.itemCategory = copyTyped(item.itemCategory, "custom_data.contents", on: tape, into: &cleared)
        copy.itemBrand = copyTyped(item.itemBrand, "custom_data.contents", on: tape, into: &cleared)
        return copy
    }

    /// Upper case; three letters, else left out (`mapping.md` 7).
    private mutating func copyCurrency(
        _ currency: TextRef, on tape: borrowing EventTape, into cleared: inout ConversionEvent
    ) -> ClearText {
        guard !currency.isEmpty else { return .none }
        let text = tape.text.span.extracting(currency.range)
        let code = text.extracting(ASCII.trimmed(text))
        guard places.isCurrency(code) else {
            warn("custom_data.currency", .unknownCode)
            return .none
        }
        let upper: [3 of UInt8] = [ASCII.upper(code[0]), ASCII.upper(code[1]), ASCII.upper(code[2])]
        return cleared.intern(copying: upper.span)
    }
}

extension ConversionEvent {
    /// Copies a text of the tape; an absent one stays absent.
    mutating func intern(_ text: TextRef, of tape: borrowing EventTape) -> ClearText {
        text.isEmpty ? .none : intern(copying: tape.text.span.extracting(text.range))
    }
}
