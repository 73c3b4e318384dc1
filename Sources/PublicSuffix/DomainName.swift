/// A host that is a domain name and no address: RFC 1123 labels (and `_`, which DNS knows) in lower case.
struct DomainName {
    let bytes: [UInt8]

    init?(_ host: some Collection<UInt8>) {
        guard (1...253).contains(host.count) else { return nil }
        bytes = host.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        let labels = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard labels.allSatisfy(Self.isLabel) else { return nil }
        // A last label with a digit in front would be read as an IPv4 address; no top-level domain begins so.
        guard let first = labels.last?.first, (0x61...0x7A).contains(first) else { return nil }
    }

    private static func isLabel(_ label: ArraySlice<UInt8>) -> Bool {
        (1...63).contains(label.count) && label.allSatisfy(isLabelByte)
    }

    private static func isLabelByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
