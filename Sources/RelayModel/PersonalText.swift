/// Personal text in clear, on its way to `Privacy`.
///
/// It has no `Codable`, no description that shows anything and no public way to its bytes: only a module that imports
/// `@_spi(OpenPersonalText)` can open it, and the import table allows that to `Privacy` alone.
public struct PersonalText: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    @_spi(OpenPersonalText) public let ref: TextRef

    public init(_ ref: TextRef) { self.ref = ref }

    public static let none = PersonalText(.none)

    public var isEmpty: Bool { ref.isEmpty }

    public var description: String { "<personal>" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// The values of one person field in the sender's order. One value is the rule and costs no allocation.
public struct PersonalValues: Sendable {
    public private(set) var first = PersonalText.none
    /// Nil, and not an empty array, where there are none: so an event that is copied counts no references for it.
    public private(set) var rest: [PersonalText]?

    public init() {}

    public var isEmpty: Bool { first.isEmpty }
    /// Those behind the first.
    public var more: [PersonalText] { rest ?? [] }

    /// Adds a value; an empty one adds nothing.
    public mutating func add(_ text: TextRef) {
        guard !text.isEmpty else { return }
        if first.isEmpty { first = PersonalText(text) } else { addToRest(PersonalText(text)) }
    }

    /// Adds the values of another list behind its own.
    public mutating func append(contentsOf others: PersonalValues) {
        guard !isEmpty else { return self = others }
        others.forEach { addToRest($0) }
    }

    private mutating func addToRest(_ text: PersonalText) {
        if rest == nil { rest = [text] } else { rest?.append(text) }
    }

    public func forEach(_ body: (PersonalText) -> Void) {
        guard !first.isEmpty else { return }
        body(first)
        guard let rest else { return }
        for value in rest { body(value) }
    }
}

/// A person as the sender describes one: every field of the API's `user_data`, in clear or as the sender hashed it.
public struct PersonalData: Sendable {
    public var em = PersonalValues()
    public var ph = PersonalValues()
    public var fn = PersonalValues()
    public var ln = PersonalValues()
    public var ge = PersonalValues()
    public var db = PersonalValues()
    public var ct = PersonalValues()
    public var st = PersonalValues()
    public var zp = PersonalValues()
    public var country = PersonalValues()
    public var externalID = PersonalValues()
    public var maids = PersonalValues()
    public var address = PersonalText.none
    public var userAgent = PersonalText.none

    public init() {}
}
