/// A token or key of the configuration. It prints as `<secret>`, has no `Codable`, and is opened only by name.
public struct SecretValue: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    private let bytes: [UInt8]

    public init(_ text: String) { bytes = Array(text.utf8) }

    /// The secret itself: for the header or comparison that needs it, never for a log or an answer.
    public var revealed: String { String(decoding: bytes, as: UTF8.self) }

    public var isEmpty: Bool { bytes.isEmpty }

    /// Compares without telling by its duration where the two differ. The length is not hidden.
    public func matches(_ candidate: some Collection<UInt8>) -> Bool {
        guard candidate.count == bytes.count else { return false }
        var difference: UInt8 = 0
        for (mine, theirs) in zip(bytes, candidate) { difference |= mine ^ theirs }
        return difference == 0
    }

    public static func == (a: SecretValue, b: SecretValue) -> Bool { a.matches(b.bytes) }

    public var description: String { "<secret>" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
