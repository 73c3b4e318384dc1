/// `process`: what holds for the program as a whole.
public struct ProcessSettings: Sendable, Equatable {
    /// A crash may leave a core dump, with tokens and personal data in clear.
    public let coreDumps: Bool

    init(reading root: ConfigSection) {
        coreDumps = root.section("process") { section in section.flag("core_dumps", default: false) }
        if coreDumps {
            root.findings.warn("process.core_dumps is on: a crash leaves tokens and personal data on disk")
        }
    }
}
