/// Takes the client's address and user agent out of an encoded event. They are wanted in clear by the upstream and by
/// nobody else.
public enum ClientDataMask {
    private static let keys = [Array(#""client_ip_address""#.utf8), Array(#""client_user_agent""#.utf8)]
    private static let mask = Array(#""<masked>""#.utf8)
    private static let quote = UInt8(ascii: "\"")

    /// - Parameter json: one encoded event.
    public static func masked(_ json: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(json.count)
        var at = 0
        while at < json.count {
            guard json[at] == quote else {
                out.append(json[at])
                at += 1
                continue
            }
            let text = json[at..<endOfText(from: at, json)]
            out += text
            at = text.endIndex
            guard keys.contains(where: text.elementsEqual) else { continue }
            let value = startOfValue(from: at, json)
            if value < json.count, json[value] == quote {
                out += json[at..<value] + mask
                at = endOfText(from: value, json)
            }
        }
        return out
    }

    /// Behind the closing quote of the text that opens at `start`.
    private static func endOfText(from start: Int, _ json: [UInt8]) -> Int {
        var at = start + 1
        while at < json.count, json[at] != quote { at += json[at] == UInt8(ascii: "\\") ? 2 : 1 }
        return min(at + 1, json.count)
    }

    private static func startOfValue(from start: Int, _ json: [UInt8]) -> Int {
        let space: Set<UInt8> = [0x20, 0x09, 0x0a, 0x0d]
        var at = start
        while at < json.count, space.contains(json[at]) { at += 1 }
        guard at < json.count, json[at] == UInt8(ascii: ":") else { return json.count }
        at += 1
        while at < json.count, space.contains(json[at]) { at += 1 }
        return at
    }
}
