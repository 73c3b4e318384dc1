/// Finds the event objects within an accepted body, byte for byte as they came.
enum RawEvents {
    /// - Parameter body: a JSON document that fits the schema, so its first array is `data`.
    static func split(_ body: [UInt8]) -> [ArraySlice<UInt8>] {
        var events: [ArraySlice<UInt8>] = []
        var scan = Scan()
        var start = 0
        for (index, byte) in body.enumerated() {
            let before = scan.depth
            scan.take(byte)
            // Depth 1 is the body, 2 the array, 3 an event.
            if before == 2, scan.depth == 3 { start = index }
            if before == 3, scan.depth == 2 { events.append(body[start...index]) }
        }
        return events
    }

    private struct Scan {
        private(set) var depth = 0
        private var isInString = false
        private var isEscaped = false

        mutating func take(_ byte: UInt8) {
            if isEscaped {
                isEscaped = false
            } else if isInString {
                if byte == UInt8(ascii: "\\") { isEscaped = true }
                if byte == UInt8(ascii: "\"") { isInString = false }
            } else {
                takeStructure(byte)
            }
        }

        private mutating func takeStructure(_ byte: UInt8) {
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
        }
    }
}
