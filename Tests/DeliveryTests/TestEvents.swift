import RelayModel

/// A conversion event under construction, with fields written as plain text.
struct TestEvent {
    var event: ConversionEvent

    init(_ name: StandardEvent = .checkout, id: String = "e-1", time: Int64 = 1_760_000_000) {
        event = ConversionEvent(name: .standard(name))
        event.eventID = text(id)
        event.eventTime = time
    }

    mutating func text(_ value: String) -> ClearText { value.isEmpty ? .none : event.intern(Array(value.utf8)) }

    mutating func set(_ field: WritableKeyPath<ConversionEvent, ClearText>, _ value: String) {
        event[keyPath: field] = text(value)
    }

    /// Address and user agent: the least identity of a web event.
    mutating func addClient() {
        event.user.address = ClientAddress(text("203.0.113.9"))
        event.user.userAgent = ClientUserAgent(text("Mozilla/5.0"))
    }

    static func withClient(_ name: StandardEvent = .checkout) -> TestEvent {
        var event = TestEvent(name)
        event.addClient()
        return event
    }
}

func hashes(_ digests: HashedValue...) -> HashedValues {
    var values = HashedValues()
    digests.forEach { values.add($0) }
    return values
}

/// A digest whose hex is sixteen times the four digits of `quarter`.
func digest(_ quarter: UInt64) -> HashedValue {
    let word = quarter << 48 | quarter << 32 | quarter << 16 | quarter
    return HashedValue(words: (word, word, word, word))
}
