public import RelayModel

/// What `pinrelay explain` and `pinrelay test` are shown of a person: each value as it came, as it was normalised, and
/// the hashes that leave.
///
/// It holds values in clear, so that they can be shown to the person who pasted them; nobody else asks for a trace.
public struct PersonTrace: Sendable {
    public struct Value: Sendable, Hashable {
        /// As `user_data.em`.
        public let field: String
        /// As it came.
        public let given: String
        /// The texts that were hashed; empty where the sender's own hash was taken over, or nothing leaves.
        public internal(set) var normalised: [String] = []
        /// In the order of ``normalised``, or the sender's own.
        public internal(set) var hashes: [HashedValue] = []
        /// Why it was left out, or what is doubtful about it.
        public internal(set) var warnings: [WarningKind] = []
    }

    /// In the order in which they were looked at.
    public private(set) var values: [Value] = []
    /// Where a phone number without country is read, as `US`; nil where that is not known.
    public internal(set) var region: String?

    public init() {}

    mutating func begin(_ field: StaticString, _ given: Span<UInt8>) {
        values.append(Value(field: field.description, given: Self.text(given)))
    }

    mutating func hashed(_ text: Span<UInt8>, _ hash: HashedValue) {
        guard !values.isEmpty else { return }
        values[values.count - 1].normalised.append(Self.text(text))
        values[values.count - 1].hashes.append(hash)
    }

    mutating func takenOver(_ hash: HashedValue) {
        if !values.isEmpty { values[values.count - 1].hashes.append(hash) }
    }

    mutating func lost(_ warning: EventWarning) {
        guard let last = values.last, last.field == warning.field else { return }
        values[values.count - 1].warnings.append(warning.kind)
    }

    private static func text(_ span: Span<UInt8>) -> String {
        var bytes: [UInt8] = []
        for index in span.indices { bytes.append(span[index]) }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension CountryCode {
    /// The code in capitals.
    var text: String {
        var text = ""
        letters.forEachByte { text.unicodeScalars.append(UnicodeScalar(ASCII.upper($0))) }
        return text
    }
}
