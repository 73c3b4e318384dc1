public import RelayModel

/// What may be set for a source's mapping; the defaults are the rules of `mapping.md`.
public struct MappingSettings: Sendable, Equatable {
    /// The configured source's name: part of derived event ids, so that two sources never share one.
    public var sourceName = ""
    /// What `view_item` and `Product Viewed` become: `pageVisit` with product data, or `viewContent`.
    public var viewItemAs = StandardEvent.pageVisit
    /// What a `screen` call becomes; nil: it is not sent.
    public var screenAs: StandardEvent?
    public var unknownNames = UnknownNames.drop
    /// `action_source` where the event does not say or show one; nil: `web`, and `app_android` for an app body.
    public var defaultActionSource: ActionSource?
    /// `anonymousId` is a second `external_id` of Segment events.
    public var anonymousIDAsExternalID = false
    /// `client_id` is a second `external_id` of GA4 events.
    public var clientIDAsExternalID = false
    /// A browser hit's own address and user agent parameters count (`mapping.md` 9.6, 9.17).
    public var ipOverrideFromBrowser = false
    /// `partner_name`; empty: none is sent.
    public var partnerName = ""
    /// The keys of a product that give its id, best first; empty: the preset's order (`product_id`, `sku`, `id`,
    /// `variant` for Segment; `item_id`, `item_name` for GA4). At most ``maximumContentIDKeys`` count.
    public var contentIDOrder: [String] = []

    public static let maximumContentIDKeys = 8

    public init() {}
}

/// What happens to an event whose name no table knows (`mapping.md` 1.3).
public enum UnknownNames: Sendable, Equatable {
    /// Not sent, reason `unmapped`.
    case drop
    /// Sent as `custom`.
    case custom
    /// Sent under one name of the advertiser's own. The sender's name is never passed through.
    case advertiserDefined(AdvertiserEventName)
}

/// An advertiser-defined event name: 1 to 100 of `[A-Za-z0-9_-]`.
public struct AdvertiserEventName: Sendable, Hashable {
    public let text: String

    public init?(_ text: String) {
        let isValid = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard isValid, (1...100).contains(text.utf8.count) else { return nil }
        self.text = text
    }
}
