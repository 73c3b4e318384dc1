import RelayModel
import WireCodec

// App and device fields, and the two objects of which only keys that the upstream schema knows may leave.
extension PrivacyStage {
    mutating func copyApp(_ app: borrowing AppFields, on tape: borrowing EventTape, into cleared: inout ConversionEvent)
    {
        cleared.app.appID = copyTyped(app.appID, "app_id", on: tape, into: &cleared)
        cleared.app.appName = copyTyped(app.appName, "app_name", on: tape, into: &cleared)
        cleared.app.appVersion = copyTyped(app.appVersion, "app_version", on: tape, into: &cleared)
        cleared.app.deviceBrand = copyTyped(app.deviceBrand, "device_brand", on: tape, into: &cleared)
        cleared.app.deviceCarrier = copyTyped(app.deviceCarrier, "device_carrier", on: tape, into: &cleared)
        cleared.app.deviceModel = copyTyped(app.deviceModel, "device_model", on: tape, into: &cleared)
        cleared.app.deviceType = copyTyped(app.deviceType, "device_type", on: tape, into: &cleared)
        cleared.app.osVersion = copyTyped(app.osVersion, "os_version", on: tape, into: &cleared)
        cleared.app.wifi = app.wifi
        if let object = app.appInfo {
            cleared.app.appInfoJSON = copyObject(object, .appInfo, on: tape, into: &cleared)
        }
        if let object = app.deviceInfo {
            cleared.app.deviceInfoJSON = copyObject(object, .deviceInfo, on: tape, into: &cleared)
        }
    }

    /// Writes what the schema allows of an object; absent when that is nothing.
    private mutating func copyObject(
        _ object: TapeNode, _ schema: AppObjectSchema, on tape: borrowing EventTape,
        into cleared: inout ConversionEvent
    ) -> ClearText {
        guard tape.kind(object) == .object else {
            warn(schema.name, .unusable)
            return .none
        }
        var json = JSONWriter()
        json.beginObject()
        let emptyCount = json.bytes.count
        for key in schema.keys {
            guard let value = tape.value(object, key.name) else { continue }
            if let kind = write(value, key, on: tape, to: &json) { warn(schema.name, key.name, kind) }
        }
        warnOfStrangers(in: object, schema, on: tape)
        guard json.bytes.count > emptyCount else { return .none }
        json.endObject()
        return cleared.intern(copying: json.bytes.span)
    }

    /// Writes one key with its value.
    /// - Returns: why it was left out; nil when it was written, or is blank.
    private func write(
        _ value: TapeNode, _ key: AppObjectKey, on tape: borrowing EventTape, to json: inout JSONWriter
    ) -> WarningKind? {
        switch key.rule {
        case .integer(let range):
            guard let number = tape.integer(value), range.contains(number) else { return .unusable }
            json.key(key.name)
            json.integer(number)
        case .text(let limit):
            guard tape.kind(value) == .string else { return .unusable }
            let text = tape.text.span.extracting(tape.string(value).range)
            guard text.characterCount <= limit else { return .tooLong }
            guard !EmailShape.occurs(in: text) else { return .personalText }
            guard !ASCII.trimmed(text).isEmpty else { return nil }
            json.key(key.name)
            json.string(text)
        case .word(let words):
            let text = tape.text.span.extracting(tape.string(value).range)
            guard words.contains(text) else { return .unusable }
            json.key(key.name)
            json.string(text)
        case .languages:
            return writeLanguages(value, key, on: tape, to: &json)
        }
        return nil
    }

    /// Writes the two-letter codes of an array, as many as the schema takes.
    private func writeLanguages(
        _ value: TapeNode, _ key: AppObjectKey, on tape: borrowing EventTape, to json: inout JSONWriter
    ) -> WarningKind? {
        var warning: WarningKind? = tape.kind(value) == .array ? nil : .unusable
        var count = 0
        var cursor = tape.firstElement(value)
        while let element = cursor, count < AppObjectSchema.languageLimit {
            let text = tape.text.span.extracting(tape.string(element).range)
            if text.isTwoLetters {
                if count == 0 {
                    json.key(key.name)
                    json.beginArray()
                }
                json.string(text)
                count += 1
            } else {
                warning = .unusable
            }
            cursor = tape.nextElement(after: element, in: value)
        }
        if cursor != nil { warning = .tooLong }
        if count > 0 { json.endArray() }
        return warning
    }

    /// One warning where the object has keys that the schema does not know.
    private mutating func warnOfStrangers(
        in object: TapeNode, _ schema: AppObjectSchema, on tape: borrowing EventTape
    ) {
        var cursor = tape.firstMember(object)
        while let member = cursor {
            guard schema.names.contains(tape.text.span.extracting(tape.key(member).range)) else {
                return warn(schema.name, .unusable)
            }
            cursor = tape.nextMember(after: member, in: object)
        }
    }

    private mutating func warn(_ object: StaticString, _ key: StaticString, _ kind: WarningKind) {
        var warning = EventWarning(object, kind)
        warning.field += ".\(key)"
        warn(warning)
    }
}

extension Span<UInt8> {
    fileprivate var isTwoLetters: Bool { count == 2 && ASCII.isLetter(self[0]) && ASCII.isLetter(self[1]) }

    /// Unicode scalars, as JSON Schema counts lengths.
    fileprivate var characterCount: Int {
        var count = 0
        for index in indices where self[index] & 0xC0 != 0x80 { count += 1 }
        return count
    }
}
