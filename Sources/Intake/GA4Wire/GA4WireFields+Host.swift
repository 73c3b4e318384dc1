/// The host in an absolute URL, without user and port; empty without one.
func hostRange(_ url: Span<UInt8>) -> Range<Int> {
    guard var start = authorityStart(url) else { return 0..<0 }
    var end = start
    var portMark: Int?
    scan: while end < url.count {
        switch url[end] {
        case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"): break scan
        case UInt8(ascii: "@"): (start, portMark) = (end + 1, nil)
        case UInt8(ascii: ":"): portMark = portMark ?? end
        default: break
        }
        end += 1
    }
    return start..<(portMark ?? end)
}

/// The index behind the first `://`.
private func authorityStart(_ url: Span<UInt8>) -> Int? {
    for index in 0..<max(0, url.count - 2) where url[index] == UInt8(ascii: ":") {
        return url.extracting(droppingFirst: index).starts(with: "://") ? index + 3 : nil
    }
    return nil
}
