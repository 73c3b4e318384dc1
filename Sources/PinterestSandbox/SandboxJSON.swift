/// The sandbox's own JSON writer: a handful of fixed shapes.
enum SandboxJSON {
    /// `{code, message}`.
    static func error(code: Int, _ message: String) -> [UInt8] {
        var json = Array("{\"code\":\(code),\"message\":".utf8)
        write(message, to: &json)
        json.append(UInt8(ascii: "}"))
        return json
    }

    /// The answer to an accepted request; as a refusal (422) the same stands under `details`.
    static func outcome(received: Int, processed: Int, entries: [UInt8], isRefusal: Bool) -> [UInt8] {
        var json: [UInt8] = []
        json.reserveCapacity(entries.count + 256)
        if isRefusal { json.append(contentsOf: refusalHead) }
        json.append(
            contentsOf: "{\"num_events_received\":\(received),\"num_events_processed\":\(processed),\"events\":[".utf8)
        json.append(contentsOf: entries)
        json.append(contentsOf: "]}".utf8)
        if isRefusal { json.append(UInt8(ascii: "}")) }
        return json
    }

    /// Writes a string with its quotes.
    static func write(_ text: String, to json: inout [UInt8]) {
        json.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                json.append(UInt8(ascii: "\\"))
                json.append(byte)
            case 0..<0x20: json.append(contentsOf: control(byte))
            default: json.append(byte)
            }
        }
        json.append(UInt8(ascii: "\""))
    }

    private static func control(_ byte: UInt8) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        return Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }

    private static let refusalHead = Array(
        (#"{"code":953,"message":"The action could not be processed properly due to some or all data provided being "#
            + #"invalid.","details":"#).utf8)
}
