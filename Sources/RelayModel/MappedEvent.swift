/// An event in Pinterest's terms that may still hold personal text in clear; `Privacy` turns it into a
/// ``ConversionEvent``. All texts are ranges of the tape it was mapped from.
public struct MappedEvent: Sendable {
    public var name: MappedName
    public var eventID = TextRef.none
    /// Whole seconds since 1970.
    public var eventTime: Int64 = 0
    public var actionSource = ActionSource.web
    /// The page's URL; it may hold personal text in its query until `Privacy` has scrubbed it.
    public var sourceURL = PersonalText.none
    public var optOut = false
    public var language = TextRef.none
    public var partnerName = TextRef.none
    public var clickID = TextRef.none
    /// ``clickID`` comes fresh from the page's own URL; this is the page's host. Absent otherwise.
    public var landingHost = TextRef.none
    /// An id from an identity partner; only Pinterest-shaped events bring one.
    public var partnerID = TextRef.none
    public var app = AppFields()
    public var person = PersonalData()
    public var custom = CustomData()
    public var consent = ConsentSignal()
    public var globalPrivacyControl = false
    /// A US privacy signal asks for limited data processing.
    public var optsOutOfSale = false
    /// What was left out or repaired on the way, in order.
    public var warnings: [EventWarning] = []

    public init(name: MappedName) { self.name = name }
}

/// The upstream `event_name`: a standard one, or an advertiser-defined one (`[A-Za-z0-9_-]`, at most 100).
public enum MappedName: Sendable, Hashable {
    case standard(StandardEvent)
    case advertiserDefined(TextRef)
}

/// `custom_data`. Money is decimal text; 0 and absent differ, so counts are optional.
public struct CustomData: Sendable {
    public var currency = TextRef.none
    public var value = TextRef.none
    public var contentIDs: [TextRef] = []
    public var contents: [ContentItem] = []
    public var numItems: Int64?
    public var orderID = TextRef.none
    public var searchString = TextRef.none
    public var optOutType = TextRef.none
    public var contentName = TextRef.none
    public var contentCategory = TextRef.none
    public var contentBrand = TextRef.none
    public var predictedLTV = TextRef.none
    /// `np`; this and the two below come with Pinterest-shaped events only.
    public var namedPartner = TextRef.none
    /// `external_measurement_id`.
    public var measurementID = TextRef.none
    /// `external_measurement_vendor_id`.
    public var measurementVendorID: Int64?

    public init() {}
}

/// One entry of `contents[]`.
public struct ContentItem: Sendable {
    public var id = TextRef.none
    /// Decimal text.
    public var itemPrice = TextRef.none
    public var quantity: Int64?
    public var itemName = TextRef.none
    public var itemCategory = TextRef.none
    public var itemBrand = TextRef.none

    public init() {}

    public var isEmpty: Bool {
        id.isEmpty && itemPrice.isEmpty && quantity == nil && itemName.isEmpty && itemCategory.isEmpty
            && itemBrand.isEmpty
    }
}

/// The flat app and device fields; only app events carry them.
public struct AppFields: Sendable {
    public var appID = TextRef.none
    public var appName = TextRef.none
    public var appVersion = TextRef.none
    public var deviceBrand = TextRef.none
    public var deviceCarrier = TextRef.none
    public var deviceModel = TextRef.none
    public var deviceType = TextRef.none
    public var osVersion = TextRef.none
    public var wifi: Bool?
    /// An explicit `app_info` or `device_info` object, as sent; the upstream schema is applied by `Privacy`.
    public var appInfo: TapeNode?
    public var deviceInfo: TapeNode?

    public init() {}
}
