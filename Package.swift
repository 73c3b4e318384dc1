// swift-tools-version: 6.2
import PackageDescription

// Every Swift target of the project is compiled alike: Swift 6 mode, warnings are errors, unsafe code is marked.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// Test code is compiled like the rest, but need not mark unsafe code: the macros it uses expand to some.
let strictTests = strict.dropLast(2) + strict.suffix(1)

func suite(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: Array(strictTests))
}

let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let swiftLog: Target.Dependency = .product(name: "Logging", package: "swift-log")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

let cLayer: [Target] = [
    .systemLibrary(name: "CLibevent", pkgConfig: "libevent_pthreads", providers: [.apt(["libevent-dev"])]),
    .systemLibrary(name: "CLibcurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CLibcrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CLibpsl", pkgConfig: "libpsl", providers: [.apt(["libpsl-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(
        name: "CRelayShims", dependencies: ["CLibcurl", "CLibevent"],
        linkerSettings: [.linkedLibrary("event_openssl"), .linkedLibrary("ssl"), .linkedLibrary("crypto")]),
    .target(name: "CSimdJSON", linkerSettings: [.linkedLibrary("simdjson")]),
    .target(name: "CPhoneNumber", linkerSettings: [.linkedLibrary("phonenumber"), .linkedLibrary("protobuf")]),
]

let wrappers: [Target] = [
    module("Reactor", ["CLibevent", "CRelayShims"]),
    module("HTTPIngress", ["CLibevent", "CRelayShims", "Reactor"]),
    module("HTTPEgress", ["CLibcurl", "CRelayShims"]),
    module("Digests", ["CLibcrypto", "RelayModel"]),
    module("Inflate", ["CZlib", "RelayModel"]),
    module("JSONTape", ["CSimdJSON", "RelayModel"]),
    module("PhoneNumbers", ["CPhoneNumber", "Privacy"]),
    module("PublicSuffix", ["CLibpsl"]),
    module("JournalSQLite", ["Journal", "RelayModel", grdb]),
]

let domain: [Target] = [
    module("RelayModel"),
    module("WireCodec", ["RelayModel"]),
    module("Intake", ["RelayModel", "WireCodec"]),
    module("MappingLanguage", ["RelayModel", "WireCodec"]),
    module("Mapping", ["MappingLanguage", "RelayModel", "WireCodec"]),
    module("Privacy", ["RelayModel", "WireCodec"]),
    module("Journal", ["RelayModel"]),
    module("Delivery", ["RelayModel", "WireCodec", "Journal"]),
]

let operations: [Target] = [
    module("Telemetry", ["RelayModel", swiftLog]),
    module("Settings", ["Mapping", "MappingLanguage", "RelayModel", yams]),
    module("Inspector", ["Telemetry", "RelayModel"]),
]

let everything: [Target.Dependency] = [
    "Reactor", "HTTPIngress", "HTTPEgress", "Digests", "Inflate", "JSONTape", "PhoneNumbers",
    "PublicSuffix", "JournalSQLite", "RelayModel", "WireCodec", "Intake", "MappingLanguage", "Mapping", "Privacy",
    "Journal", "Delivery", "Telemetry", "Settings", "Inspector",
]

let composition: [Target] = [
    module("RelayApp", everything + [swiftLog]),
    module("PinterestSandbox", ["JSONTape", "RelayModel"]),
    .executableTarget(
        name: "pinrelay",
        dependencies: [
            "RelayApp", "PinterestSandbox", "JournalSQLite", "Settings", "Telemetry", "RelayModel", swiftLog,
            argumentParser,
        ],
        swiftSettings: strict),
]

let bench: [Target] = [
    .executableTarget(
        name: "RelayBench",
        dependencies: [
            "Delivery", "Digests", "Intake", "JSONTape", "Journal", "JournalSQLite", "Mapping", "MappingLanguage",
            "PhoneNumbers", "Privacy", "RelayModel",
        ],
        swiftSettings: strict)
]

let tests: [Target] = [
    .target(
        name: "RelayTestKit", dependencies: ["RelayModel", "JSONTape", "CZlib"], path: "Tests/RelayTestKit",
        swiftSettings: Array(strictTests)),
    suite("RelayModelTests", ["RelayModel", "WireCodec", "JSONTape", "RelayTestKit"]),
    suite("ReactorTests", ["Reactor"]),
    suite("HTTPIngressTests", ["HTTPIngress", "Reactor"]),
    suite("HTTPEgressTests", ["HTTPEgress", "RelayTestKit"]),
    suite("InflateTests", ["Inflate", "RelayTestKit"]),
    suite("IntakeTests", ["Intake", "JSONTape", "RelayModel", "RelayTestKit"]),
    suite("MappingLanguageTests", ["MappingLanguage", "JSONTape", "RelayModel", "RelayTestKit"]),
    suite("MappingTests", ["Mapping", "MappingLanguage", "JSONTape", "RelayModel", "RelayTestKit"]),
    suite("PhoneNumbersTests", ["PhoneNumbers", "CPhoneNumber", "Privacy", "RelayTestKit"]),
    suite("PrivacyTests", ["Privacy", "Digests", "JSONTape", "PhoneNumbers", "RelayModel", "RelayTestKit"]),
    suite("JournalTests", ["Journal", "JournalSQLite", "RelayModel", grdb]),
    suite("DeliveryTests", ["Delivery", "Journal", "JSONTape", "RelayModel", "RelayTestKit"]),
    suite(
        "OperationsTests",
        ["Telemetry", "Settings", "Inspector", "Mapping", "MappingLanguage", "RelayModel", swiftLog]),
    suite("PublicSuffixTests", ["PublicSuffix", "RelayTestKit"]),
    suite(
        "RelayAppTests",
        [
            "RelayApp", "Delivery", "HTTPEgress", "HTTPIngress", "Inspector", "Intake", "JSONTape", "Journal",
            "JournalSQLite", "Privacy", "PublicSuffix", "Reactor", "RelayModel", "RelayTestKit", "Settings",
            "Telemetry", "pinrelay", swiftLog,
        ]),
    suite("SandboxTests", ["PinterestSandbox", "HTTPEgress"]),
    suite("EndToEndTests", ["RelayModel", "RelayTestKit", "pinrelay"], exclude: ["Clients", "Faults"]),
    suite("GoldenTests", ["RelayTestKit", "pinrelay"], exclude: ["Cases"]),
]

/// The places that read bytes from outside, for `swift test` and, through libFuzzer, for `make fuzz`.
let fuzzing: [Target] = [
    .target(
        name: "FuzzTargets",
        dependencies: [
            "Delivery", "Digests", "HTTPIngress", "Inflate", "Intake", "JSONTape", "Journal", "Mapping",
            "MappingLanguage", "PhoneNumbers", "PinterestSandbox", "Privacy", "RelayModel", "RelayTestKit", "Settings",
            "WireCodec",
        ],
        path: "Tests/FuzzTargets", swiftSettings: Array(strictTests)),
    .executableTarget(
        name: "RelayFuzz", dependencies: ["FuzzTargets"], path: "Tests/RelayFuzz",
        swiftSettings: Array(strictTests)),
    suite("FuzzTests", ["FuzzTargets", "RelayTestKit"]),
]

let package = Package(
    name: "pinrelay",
    products: [
        .executable(name: "pinrelay", targets: ["pinrelay"]),
        .executable(name: "relay-bench", targets: ["RelayBench"]),
        .executable(name: "relay-fuzz", targets: ["RelayFuzz"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: cLayer + wrappers + domain + operations + composition + bench + tests + fuzzing,
    cxxLanguageStandard: .cxx17
)
