import RelayModel

/// Where a wire parameter goes in sGTM's event data (`ga4-wire.md` 1.11).
enum GA4Place: Sendable {
    /// A member of its own, as text.
    case text(StaticString)
    /// A member of its own, as a number where it is one.
    case number(StaticString)
    /// `ep.<name>`: a member of its own name, as text.
    case eventText(name: TextRef)
    /// `epn.<name>`: likewise, as a number.
    case eventNumber(name: TextRef)
    /// `prN`: an entry of `items`.
    case item(Int)
    /// `ep.user_data.<path>`.
    case userData(path: TextRef)
    /// `em`: hashed user data.
    case hashedUserData
    /// `up.<name>`.
    case userText(name: TextRef)
    /// `upn.<name>`.
    case userNumber(name: TextRef)
    /// `sst.<name>`.
    case sstProperty(name: TextRef)
    /// `x-ga-system_properties`.
    case systemProperty(StaticString)
    /// `client_hints`.
    case clientHint(StaticString)
    case clientHintFlag(StaticString)
    /// `client_hints.full_version_list`.
    case brandList
    /// Any other key: `x-ga-mp2-<key>`.
    case other
}

extension GA4Place {
    /// - Parameters:
    ///   - key: a decoded parameter name.
    ///   - itemCount: the highest item number.
    init(_ key: TextRef, on tape: borrowing EventTape, itemCount: Int) {
        let bytes = tape.text.span.extracting(key.range)
        func rest(_ count: Int) -> TextRef { key.part(count..<bytes.count) }
        if bytes.starts(with: "ep.user_data.") {
            self = .userData(path: rest(13))
        } else if bytes.starts(with: "ep.") {
            self = .eventText(name: rest(3))
        } else if bytes.starts(with: "epn.") {
            self = .eventNumber(name: rest(4))
        } else if bytes.starts(with: "sst.") {
            self = .sstProperty(name: rest(4))
        } else if bytes.starts(with: "up.") {
            self = .userText(name: rest(3))
        } else if bytes.starts(with: "upn.") {
            self = .userNumber(name: rest(4))
        } else if let number = itemNumber(bytes), number <= itemCount {
            self = .item(number)
        } else {
            self = GA4WireNames.place(of: bytes) ?? .other
        }
    }
}

/// `pr1`, `pr2`, ... and nothing else that starts with `pr`; at most four digits.
private func itemNumber(_ key: Span<UInt8>) -> Int? {
    guard 3...6 ~= key.count, key.starts(with: "pr"), key[2] != UInt8(ascii: "0") else { return nil }
    var number = 0
    for index in 2..<key.count {
        guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= key[index] else { return nil }
        number = number * 10 + Int(key[index] - UInt8(ascii: "0"))
    }
    return number
}

/// The fixed names of the wire (`ga4-wire.md` 1.4 to 1.6), each at most eight bytes long.
enum GA4WireNames {
    static func place(of key: Span<UInt8>) -> GA4Place? {
        guard let wanted = packed(key) else { return nil }
        var (low, high) = (0, table.count)
        while low < high {
            let middle = (low + high) / 2
            if table[middle].name == wanted { return table[middle].place }
            if table[middle].name < wanted { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    /// A name of one to eight bytes as one number; nil for a longer one.
    static func packed(_ key: Span<UInt8>) -> UInt64? {
        guard 1...8 ~= key.count else { return nil }
        var name: UInt64 = 0
        for index in key.indices { name = name << 8 | UInt64(key[index]) }
        return name
    }

    private static let table: [(name: UInt64, place: GA4Place)] =
        rows.compactMap { row in packed(Array(row.0.utf8).span).map { ($0, row.1) } }.sorted { $0.name < $1.name }

    private static let rows: [(String, GA4Place)] = [
        ("en", .text("event_name")), ("cid", .text("client_id")), ("uid", .text("user_id")),
        ("dl", .text("page_location")), ("dr", .text("page_referrer")), ("dt", .text("page_title")),
        ("dp", .text("page_path")), ("ul", .text("language")), ("sr", .text("screen_resolution")),
        ("cu", .text("currency")), ("sid", .text("ga_session_id")), ("sct", .number("ga_session_number")),
        ("_et", .number("engagement_time_msec")),
        ("v", .text("x-ga-protocol_version")), ("tid", .text("x-ga-measurement_id")),
        ("gtm", .text("x-ga-gtm_version")), ("_p", .text("x-ga-page_id")), ("_s", .text("x-ga-request_count")),
        ("gcs", .text("x-ga-gcs")), ("gcd", .text("x-ga-gcd")), ("gcu", .text("x-ga-gcu")),
        ("gcut", .text("x-ga-gcut")), ("npa", .text("x-ga-npa")), ("dma", .text("x-ga-dma")),
        ("dma_cps", .text("x-ga-dma_cps")), ("ecid", .text("x-ga-ecid")), ("gdid", .text("x-ga-did")),
        ("edid", .text("x-ga-edid")), ("tfd", .text("x-ga-tfd")), ("lps", .text("x-ga-lps")),
        ("ur", .text("x-ga-ur")), ("em", .hashedUserData),
        ("_c", .systemProperty("c")), ("_fv", .systemProperty("fv")), ("_ss", .systemProperty("ss")),
        ("_nsi", .systemProperty("nsi")), ("_ee", .systemProperty("ee")), ("_eu", .systemProperty("eu")),
        ("_z", .systemProperty("z")), ("_dbg", .systemProperty("dbg")), ("_geo", .systemProperty("geo")),
        ("_rdi", .systemProperty("rdi")),
        ("uaa", .clientHint("architecture")), ("uab", .clientHint("bitness")), ("uam", .clientHint("model")),
        ("uap", .clientHint("platform")), ("uapv", .clientHint("platform_version")),
        ("uamb", .clientHintFlag("mobile")), ("uaw", .clientHintFlag("wow64")), ("uafvl", .brandList),
    ]
}

extension Span<UInt8> {
    func starts(with prefix: StaticString) -> Bool {
        count >= prefix.utf8CodeUnitCount && extracting(first: prefix.utf8CodeUnitCount).matches(prefix)
    }
}
