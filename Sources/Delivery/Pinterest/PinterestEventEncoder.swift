public import RelayModel

// Pinterest: all that this side knows of the upstream's contract, the API for Conversions v5 (`pinterest-api.md`).
//
// Invariants: the key set is closed, since one unknown key fails a whole request; nothing empty is written (no `""`,
// `[]`, `{}`, `null`); money is text and counts are integers; a person field is an array of 64-digit hashes.

/// Writes a ``ConversionEvent`` as one upstream event object.
///
/// The order of keys is fixed: `event_id` and `event_name` first, where ``EncodedEvent`` finds them, then the rest of
/// the event, `user_data`, and `custom_data` last.
public enum PinterestEventEncoder {
    /// Appends the event's JSON to `bytes`. Whether it fits the upstream schema is ``PinterestSchema``'s business.
    public static func encode(_ event: ConversionEvent, into bytes: inout [UInt8]) {
        let start = bytes.count
        // Enough for nearly all; texts that need escapes, or stand in several places, may want more.
        var room = 4096 + 2 * event.text.count
        while true {
            bytes.append(addingCapacity: room) { output in write(event, &output) }
            if bytes.count - start < room { return }
            bytes.removeSubrange(start...)
            room *= 2
        }
    }

    private static func write(_ event: borrowing ConversionEvent, _ output: inout OutputSpan<UInt8>) {
        output.beginObject()
        writeHead(event, &output)
        if event.actionSource.isApp { writeApp(event, &output) }
        output.key("user_data")
        output.beginObject()
        writePerson(event, &output)
        output.endObject()
        if event.custom.holdsSomething { writeCustomData(event, &output) }
        output.endObject()
    }

    private static func writeHead(_ event: borrowing ConversionEvent, _ output: inout OutputSpan<UInt8>) {
        output.member("event_id", event.eventID, of: event)
        output.key("event_name")
        switch event.name {
        case .standard(let name): output.string(name.apiName)
        case .advertiserDefined(let name): output.string(event.text.span.extracting(name.range))
        }
        output.key("action_source")
        output.string(event.actionSource.apiName)
        output.member("event_time", event.eventTime)
        output.member("event_source_url", event.sourceURL, of: event)
        if event.optOut { output.member("opt_out", true) }
        output.member("language", event.language, of: event)
        output.member("partner_name", event.partnerName, of: event)
    }

    private static func writeApp(_ event: borrowing ConversionEvent, _ output: inout OutputSpan<UInt8>) {
        output.member("app_id", event.app.appID, of: event)
        output.member("app_name", event.app.appName, of: event)
        output.member("app_version", event.app.appVersion, of: event)
        output.member("device_brand", event.app.deviceBrand, of: event)
        output.member("device_carrier", event.app.deviceCarrier, of: event)
        output.member("device_model", event.app.deviceModel, of: event)
        output.member("device_type", event.app.deviceType, of: event)
        output.member("os_version", event.app.osVersion, of: event)
        output.member("wifi", event.app.wifi)
        output.fragment("app_info", event.app.appInfoJSON, of: event)
        output.fragment("device_info", event.app.deviceInfoJSON, of: event)
    }

    private static func writePerson(_ event: borrowing ConversionEvent, _ output: inout OutputSpan<UInt8>) {
        output.member("em", event.user.em)
        output.member("ph", event.user.ph)
        output.member("ge", event.user.ge)
        output.member("db", event.user.db)
        output.member("ln", event.user.ln)
        output.member("fn", event.user.fn)
        output.member("ct", event.user.ct)
        output.member("st", event.user.st)
        output.member("zp", event.user.zp)
        output.member("country", event.user.country)
        output.member("external_id", event.user.externalID)
        output.member("hashed_maids", event.user.hashedMaids)
        output.member("client_ip_address", event.user.address.text, of: event)
        output.member("client_user_agent", event.user.userAgent.text, of: event)
        output.member("click_id", event.user.clickID, of: event)
        output.member("partner_id", event.user.partnerID, of: event)
    }

    private static func writeCustomData(_ event: borrowing ConversionEvent, _ output: inout OutputSpan<UInt8>) {
        output.key("custom_data")
        output.beginObject()
        output.member("currency", event.custom.currency, of: event)
        output.member("value", event.custom.value, of: event)
        writeContentIDs(event, &output)
        writeContents(event, &output)
        output.member("num_items", event.custom.numItems)
        output.member("order_id", event.custom.orderID, of: event)
        output.member("search_string", event.custom.searchString, of: event)
        output.member("opt_out_type", event.custom.optOutType, of: event)
        output.member("content_name", event.custom.contentName, of: event)
        output.member("content_category", event.custom.contentCategory, of: event)
        output.member("content_brand", event.custom.contentBrand, of: event)
        output.member("predicted_ltv", event.custom.predictedLTV, of: event)
        output.member("np", event.custom.namedPartner, of: event)
        output.member("external_measurement_id", event.custom.measurementID, of: event)
        output.member("external_measurement_vendor_id", event.custom.measurementVendorID)
        output.endObject()
    }

    private static func writeContentIDs(_ event: borrowing ConversionEvent, _ output: inout OutputSpan<UInt8>) {
        guard event.custom.contentIDs.contains(where: { !$0.isEmpty }) else { return }
        output.key("content_ids")
        output.beginArray()
        for id in event.custom.contentIDs where !id.isEmpty { output.string(event.text.span.extracting(id.range)) }
        output.endArray()
    }

    private static func writeContents(_ event: borrowing ConversionEvent, _ output: inout OutputSpan<UInt8>) {
        guard event.custom.contents.contains(where: \.holdsSomething) else { return }
        output.key("contents")
        output.beginArray()
        for item in event.custom.contents where item.holdsSomething {
            output.beginObject()
            output.member("id", item.id, of: event)
            output.member("item_price", item.itemPrice, of: event)
            output.member("quantity", item.quantity)
            output.member("item_name", item.itemName, of: event)
            output.member("item_category", item.itemCategory, of: event)
            output.member("item_brand", item.itemBrand, of: event)
            output.endObject()
        }
        output.endArray()
    }
}

// One member, where there is a value.
extension OutputSpan<UInt8> {
    fileprivate mutating func member(_ name: StaticString, _ text: ClearText, of event: borrowing ConversionEvent) {
        guard !text.isEmpty else { return }
        key(name)
        string(event.text.span.extracting(text.range))
    }

    fileprivate mutating func member(_ name: StaticString, _ number: Int64?) {
        guard let number else { return }
        key(name)
        integer(number)
    }

    fileprivate mutating func member(_ name: StaticString, _ flag: Bool?) {
        guard let flag else { return }
        key(name)
        bool(flag)
    }

    fileprivate mutating func member(_ name: StaticString, _ hashes: borrowing HashedValues) {
        guard let first = hashes.first else { return }
        key(name)
        beginArray()
        hash(first)
        if let more = hashes.rest {
            for value in more { hash(value) }
        }
        endArray()
    }

    /// A finished object; the empty one is left out like all that is empty.
    fileprivate mutating func fragment(_ name: StaticString, _ json: ClearText, of event: borrowing ConversionEvent) {
        guard json.count > 2 else { return }
        key(name)
        raw(event.text.span.extracting(json.range))
    }
}

extension ConversionCustomData {
    fileprivate var holdsSomething: Bool {
        !(currency.isEmpty && value.isEmpty && orderID.isEmpty && searchString.isEmpty && optOutType.isEmpty
            && contentName.isEmpty && contentCategory.isEmpty && contentBrand.isEmpty && predictedLTV.isEmpty
            && namedPartner.isEmpty && measurementID.isEmpty)
            || numItems != nil || measurementVendorID != nil || contentIDs.contains { !$0.isEmpty }
            || contents.contains(where: \.holdsSomething)
    }
}

extension ConversionItem {
    fileprivate var holdsSomething: Bool {
        quantity != nil
            || !(id.isEmpty && itemPrice.isEmpty && itemName.isEmpty && itemCategory.isEmpty && itemBrand.isEmpty)
    }
}

extension ClearText {
    var range: Range<Int> { Int(start)..<Int(start) + Int(count) }
}
