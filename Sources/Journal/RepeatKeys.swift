/// By what the journal knows that it holds an event already (`mapping.md` 9.13): hashes, 0 where there is none.
///
/// An event is a repeat when one of its keys is remembered; an event that is stored has all of them remembered. The
/// maker of the keys sees to it that different kinds of keys, and keys of different destinations, differ.
public struct RepeatKeys: Sendable, Equatable {
    /// The sender's own id of the message, within its source.
    public var message: UInt64
    /// Name and id of the event, within its ad account.
    public var event: UInt64
    /// The order of a purchase, within its ad account, where the event's id is another.
    public var order: UInt64
    /// What a browser hit says. Counts only for a hit that is sent again after a consent update: other hits may say the
    /// same twice.
    public var content: UInt64
    /// The hit is one that is sent again after a consent update.
    public var followsConsentUpdate: Bool

    public init(
        message: UInt64 = 0, event: UInt64 = 0, order: UInt64 = 0, content: UInt64 = 0,
        followsConsentUpdate: Bool = false
    ) {
        self.message = message
        self.event = event
        self.order = order
        self.content = content
        self.followsConsentUpdate = followsConsentUpdate
    }
}
