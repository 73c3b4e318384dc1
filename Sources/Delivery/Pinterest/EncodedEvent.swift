/// Reads back the two members that ``PinterestEventEncoder`` writes first; for dead letters, not for the event path.
struct EncodedEvent {
    /// Empty where the bytes are not what the encoder writes.
    let eventID: String
    let eventName: String

    init(_ json: ArraySlice<UInt8>) {
        var rest = json
        eventID = Self.takeText(&rest, behind: "{\"event_id\":\"")
        eventName = Self.takeText(&rest, behind: ",\"event_name\":\"")
    }

    private static func takeText(_ rest: inout ArraySlice<UInt8>, behind head: StaticString) -> String {
        let wanted = head.description.utf8
        guard rest.starts(with: wanted) else { return "" }
        rest = rest.dropFirst(wanted.count)
        var text: [UInt8] = []
        while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
            if byte == UInt8(ascii: "\\") { appendEscaped(&rest, to: &text) } else { text.append(byte) }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The escapes that the encoder writes; a control character in an id is shown as `?`.
    private static func appendEscaped(_ rest: inout ArraySlice<UInt8>, to text: inout [UInt8]) {
        switch rest.popFirst() {
        case UInt8(ascii: "\""): text.append(UInt8(ascii: "\""))
        case UInt8(ascii: "\\"): text.append(UInt8(ascii: "\\"))
        case UInt8(ascii: "u"):
            rest = rest.dropFirst(4)
            text.append(UInt8(ascii: "?"))
        default: text.append(UInt8(ascii: "?"))
        }
    }
}
