/// One key of the closed upstream objects `app_info` and `device_info`, with what the schema allows for it.
struct AppObjectKey: Sendable {
    enum Rule: Sendable {
        /// Text of so many characters at most.
        case text(Int)
        case integer(ClosedRange<Int64>)
        case word(WordSet)
        /// Up to 100 two-letter codes.
        case languages
    }

    let name: StaticString
    let rule: Rule

    init(_ name: StaticString, _ rule: Rule) {
        self.name = name
        self.rule = rule
    }
}

/// The two objects' keys, from the upstream's OpenAPI file, release 5.23.0.
struct AppObjectSchema: Sendable {
    /// The object's own name.
    let name: StaticString
    let keys: [AppObjectKey]
    let names: WordSet

    private init(_ name: StaticString, _ keys: [AppObjectKey]) {
        self.name = name
        self.keys = keys
        self.names = WordSet(keys.map(\.name.description))
    }

    static let languageLimit = 100

    static let appInfo = AppObjectSchema(
        "app_info",
        [
            AppObjectKey("app_id", .text(200)),
            AppObjectKey("app_name", .text(200)),
            AppObjectKey("app_package_name", .text(200)),
            AppObjectKey("app_store", .text(100)),
            AppObjectKey("app_version", .text(100)),
            AppObjectKey("install_time", .integer(0...Int64.max)),
            AppObjectKey("user_agent", .text(16_384)),
            AppObjectKey("window_height", .integer(0...30_720)),
            AppObjectKey("window_width", .integer(0...30_720)),
        ])

    static let deviceInfo = AppObjectSchema(
        "device_info",
        [
            AppObjectKey("battery_level", .integer(0...100)),
            AppObjectKey("brand", .text(100)),
            AppObjectKey("carrier", .text(100)),
            AppObjectKey("cpu_cores", .integer(0...1152)),
            AppObjectKey("external_storage_free_space", .integer(0...1_048_576)),
            AppObjectKey("external_storage_size", .integer(0...1_048_576)),
            AppObjectKey(
                "form_factor",
                .word(
                    WordSet([
                        "desktop", "laptop", "cellphone", "tablet", "smartwatch", "tv", "vr", "console", "other",
                    ]))),
            AppObjectKey("kernel_version", .text(100)),
            AppObjectKey("languages", .languages),
            AppObjectKey("locale", .text(35)),
            AppObjectKey("model", .text(100)),
            AppObjectKey(
                "network_type",
                .word(
                    WordSet([
                        "wifi", "cellular_2g", "cellular_3g", "cellular_4g", "cellular_5g", "cellular_6g", "ethernet",
                        "unknown",
                    ]))),
            AppObjectKey(
                "os_family", .word(WordSet(["ios", "android", "macos", "windows", "linux", "bsd", "other"]))),
            AppObjectKey("os_name", .text(100)),
            AppObjectKey("os_release_name", .text(100)),
            AppObjectKey("os_version", .text(100)),
            AppObjectKey("screen_density", .integer(0...100_000)),
            AppObjectKey("screen_height", .integer(0...30_720)),
            AppObjectKey("screen_width", .integer(0...30_720)),
            AppObjectKey("storage_free_space", .integer(0...1_048_576)),
            AppObjectKey("storage_size", .integer(0...1_048_576)),
            AppObjectKey("timezone", .text(40)),
            AppObjectKey("timezone_abbr", .text(5)),
            AppObjectKey("type", .text(100)),
        ])
}
