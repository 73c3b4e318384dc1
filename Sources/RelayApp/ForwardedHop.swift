/// One hop of a forwarding header.
enum ForwardedHop: Equatable {
    /// The text of an address, or of what stands in its place, without port and brackets.
    case address([UInt8])
    case unreadable

    /// The hops of an `X-Forwarded-For` line, left to right. Empty elements are none.
    static func list(_ line: ArraySlice<UInt8>) -> [ForwardedHop] {
        line.split(separator: UInt8(ascii: ",")).map(trimmed).filter { !$0.isEmpty }.map { ForwardedHop(node: $0) }
    }

    /// The hops of a `Forwarded` line (RFC 7239), left to right: the `for` of each element. An element without one
    /// hides its hop. A line that breaks the grammar is one unreadable hop: where a quote is open, what belongs to
    /// whom is in doubt.
    static func elements(of line: ArraySlice<UInt8>) -> [ForwardedHop] {
        var scanner = ForwardedScanner(line)
        var hops: [ForwardedHop] = []
        while !scanner.isAtEnd {
            guard let element = scanner.nextElement() else { return [.unreadable] }
            switch element {
            case .empty: break
            case .node(let node): hops.append(ForwardedHop(node: node[...]))
            case .nameless: hops.append(.unreadable)
            }
        }
        return hops
    }

    /// `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:80`.
    init(node: ArraySlice<UInt8>) {
        let colons = node.count { $0 == UInt8(ascii: ":") }
        if node.first == UInt8(ascii: "[") {
            guard let close = node.firstIndex(of: UInt8(ascii: "]")), Self.isPort(node[(close + 1)...]) else {
                self = .unreadable
                return
            }
            self = .address(Array(node[node.startIndex + 1..<close]))
        } else if colons == 1, let colon = node.firstIndex(of: UInt8(ascii: ":")) {
            self = Self.isPort(node[colon...]) ? .address(Array(node[..<colon])) : .unreadable
        } else {
            self = .address(Array(node))
        }
    }

    /// Nothing, or a colon with a number or an obfuscated port (`_p1`) behind it.
    private static func isPort(_ text: ArraySlice<UInt8>) -> Bool {
        guard let colon = text.first else { return true }
        let port = text.dropFirst()
        guard colon == UInt8(ascii: ":"), let first = port.first else { return false }
        if first == UInt8(ascii: "_") { return port.count > 1 }
        return port.count <= 5 && port.allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        var rest = text.drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        return rest
    }
}
