public import RelayModel

/// One of `destinations`: an ad account.
public struct DestinationSettings: Sendable, Equatable {
    /// The label in metrics and answers.
    public let name: String
    /// Digits.
    public let adAccountID: String
    /// The conversion access token.
    public let token: SecretValue
    /// Events are sent with `test=true`: validated upstream and not stored there.
    public let testMode: Bool
    /// How many requests the account may get in a time; nil for as many as it answers.
    public let rateLimit: RequestRate?
}

/// So many requests a second or a minute.
public struct RequestRate: Sendable, Equatable {
    public let requests: Int
    public let period: Duration

    /// The strictest limit that Pinterest publishes: 5000 a minute for each ad account.
    public static let published = RequestRate(requests: 5000, period: .seconds(60))
}

/// One of `sources`: who may send, and what becomes of it.
public struct SourceSettings: Sendable, Equatable {
    public enum Kind: String, CaseIterable, Sendable { case ga4, segment }

    /// What a view of a product becomes (`mapping.md` 1.1).
    public enum ViewItem: String, CaseIterable, Sendable {
        case pageVisit = "page_visit"
        case viewContent = "view_content"
    }

    /// What becomes of an event that no mapping takes (`mapping.md` 1.3).
    public enum Unmapped: Sendable, Equatable {
        case drop
        case standard(StandardEvent)
        /// Letters, digits, `_`, `-`, at most 100.
        case advertiserDefined(String)
    }

    /// The label in metrics and answers.
    public let name: String
    public let kind: Kind
    /// GA4 only. Empty takes any measurement id.
    public let measurementIDs: [String]
    /// GA4 only. With any, `/mp/collect` takes no call without one of them.
    public let apiSecrets: [SecretValue]
    /// Segment only. Empty takes any key.
    public let writeKeys: [SecretValue]
    /// Exact origins in lower case, as `https://shop.example`. Empty allows any origin.
    public let allowedOrigins: [String]
    /// ISO 3166-1 alpha-2 in upper case: where a phone number without country is read.
    public let defaultRegion: String?
    /// Indices into ``RelaySettings/destinations``, never empty, ascending.
    public let destinations: [Int]
    /// Stands in for an inferred `action_source`; nil infers (`mapping.md` 4.3).
    public let actionSource: ActionSource?
    public let viewItemAs: ViewItem
    public let unmapped: Unmapped
    /// Segment only: what a `screen` call becomes; nil: it is not sent.
    public let screenAs: StandardEvent?
    /// The keys of a product that give its id, best first; empty: the built-in order.
    public let contentIDOrder: [String]
    /// Sent as `partner_name`; empty: none is.
    public let partnerName: String
    /// Segment only: `anonymousId` becomes a second `external_id`.
    public let anonymousIDAsExternalID: Bool
    /// GA4 only: `client_id` becomes a second `external_id`.
    public let clientIDAsExternalID: Bool
    /// GA4 only: address and user agent parameters of a browser hit are believed (`mapping.md` 9.6, 9.17).
    public let ipOverrideFromBrowser: Bool
    /// A fresh click id of a page is kept in the browser as the `_epik` cookie (`mapping.md` 4.4).
    public let writeClickIDCookie: Bool
    /// Segment only: the category of `context.consent.categoryPreferences` that is consent to advertising; nil: a call
    /// gives no consent signal.
    public let consentCategory: String?
    /// Of each write key or measurement id that the source names; of all its senders together where it takes any.
    public let rateLimit: RateLimitSettings
    /// The rule in force for this source: its own, or that of ``PrivacySettings``.
    public let consent: ConsentRule
}

/// What consent decides (`mapping.md` 5, 9.7).
public struct ConsentRule: Sendable, Equatable {
    public enum Policy: String, CaseIterable, Sendable { case require, respect, ignore }

    public enum Denial: String, CaseIterable, Sendable {
        case drop
        case optOut = "opt_out"
    }

    public let policy: Policy
    public let onDenial: Denial
}
