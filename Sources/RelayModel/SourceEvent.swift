/// One incoming event: a view of values on a tape, the same for Segment, GA4 hits and the Measurement Protocol.
///
/// It names nodes and texts of the ``EventTape`` it was decoded onto and is valid until that tape is reset.
public struct SourceEvent: Sendable {
    public var kind: SourceKind
    /// The event object. For Segment: the event as sent. For the GA4 inputs: sGTM common event data
    /// (`event_name`, `client_id`, `page_location`, `items`, `user_data`, custom parameters at top level).
    public var root: TapeNode
    /// A Segment batch's own `context`: read where the event's context lacks a key.
    public var batchContext: TapeNode?
    /// The event's name as sent; absent for Segment calls without one.
    public var name: TextRef
    /// The id the sender gave this message (Segment `messageId`), or what identifies a browser hit
    /// (`tid`, `cid`, `_p`, `_s`, line index, `en`); absent when there is neither.
    public var messageID: TextRef
    /// Which item of its call's body the event is: tells apart what a sender puts side by side without ids of its own.
    public var position: Int
    /// For a browser hit, what it says apart from when and under which consent (`mapping.md` 9.13); else absent.
    public var hitContent: TextRef
    /// The hit is sent again, or for the first time, after a consent update (`gcu=1`).
    public var followsConsentUpdate: Bool
    /// A batch's or body's own send time (Segment `sentAt`) as sent; absent without one.
    public var sentAt: TextRef
    public var consent: ConsentSignal
    /// A US privacy signal of the event opts out of sale, sharing or targeted advertising.
    public var optsOutOfSale: Bool
    public var call: CallFacts

    public init(kind: SourceKind, root: TapeNode, call: CallFacts) {
        self.kind = kind
        self.root = root
        self.name = .none
        self.messageID = .none
        self.position = 0
        self.hitContent = .none
        self.followsConsentUpdate = false
        self.sentAt = .none
        self.consent = ConsentSignal()
        self.optsOutOfSale = false
        self.call = call
    }
}

/// Which input an event came through, and which Segment call it is.
public enum SourceKind: UInt8, CaseIterable, Sendable {
    case segmentTrack, segmentPage, segmentScreen, segmentIdentify, segmentGroup, segmentAlias
    /// A browser hit on `/g/collect`.
    case ga4Hit
    /// An event of a `/mp/collect` body.
    case measurementProtocol
    /// An event that is already in Pinterest's shape; its root is the upstream's event object as sent.
    case pinterestEvent

    public var isSegment: Bool {
        switch self {
        case .ga4Hit, .measurementProtocol, .pinterestEvent: false
        case .segmentTrack, .segmentPage, .segmentScreen, .segmentIdentify, .segmentGroup, .segmentAlias: true
        }
    }
}

/// What the HTTP call itself says about the person and the time.
///
/// Address, user agent and cookie belong to the person only in a browser call (`mapping.md` 9.6).
public struct CallFacts: Sendable {
    /// Time of receipt, microseconds since 1970.
    public var receivedAtMicros: Int64
    /// True for a call with `Origin`, `Referer` or `Sec-Fetch-*`, and for every browser hit.
    public var isBrowserCall: Bool
    /// The client's address as text, with trusted proxies taken into account; absent when unknown.
    public var address: TextRef
    public var userAgent: TextRef
    /// The value of the `_epik` cookie.
    public var epikCookie: TextRef
    /// `Sec-GPC: 1` was sent.
    public var globalPrivacyControl: Bool

    public init(receivedAtMicros: Int64) {
        self.receivedAtMicros = receivedAtMicros
        self.isBrowserCall = false
        self.address = .none
        self.userAgent = .none
        self.epikCookie = .none
        self.globalPrivacyControl = false
    }
}

/// What a sender says about consent; every part may be unsaid.
public struct ConsentSignal: Hashable, Sendable {
    public enum State: UInt8, Sendable { case unset, granted, denied }

    public var adStorage = State.unset
    public var adUserData = State.unset
    public var adPersonalization = State.unset

    public init() {}

    /// Denied means `ad_storage` or `ad_user_data` denied (`mapping.md` 9.7).
    public var isDenied: Bool { adStorage == .denied || adUserData == .denied }

    /// Nothing was said on `ad_storage` or `ad_user_data`.
    public var isUnsaid: Bool { adStorage == .unset && adUserData == .unset }
}
