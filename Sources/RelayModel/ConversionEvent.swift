/// An event as Pinterest will see it: hashed, scrubbed, complete. It owns its bytes and has no field that could hold
/// a personal value in clear, except the two that the API wants so, which have types of their own.
public struct ConversionEvent: Sendable {
    /// The bytes of all texts below.
    public private(set) var text: [UInt8] = []
    public var name: ConversionName
    public var eventID = ClearText.none
    /// Whole seconds since 1970.
    public var eventTime: Int64 = 0
    public var actionSource = ActionSource.web
    public var sourceURL = ClearText.none
    public var optOut = false
    public var language = ClearText.none
    public var partnerName = ClearText.none
    public var app = ConversionApp()
    public var user = ConversionUser()
    public var custom = ConversionCustomData()

    public init(name: ConversionName) { self.name = name }

    /// Copies text that may leave in clear into the event.
    public mutating func intern(_ bytes: some Collection<UInt8>) -> ClearText {
        let start = text.count
        text.append(contentsOf: bytes)
        return ClearText(start: UInt32(start), count: UInt32(text.count - start))
    }

    /// Copies text that may leave in clear into the event.
    public mutating func intern(copying bytes: Span<UInt8>) -> ClearText {
        let start = text.count
        text.append(copying: bytes)
        return ClearText(start: UInt32(start), count: UInt32(text.count - start))
    }

    /// Starts anew under another name and keeps the memory for texts and products.
    public mutating func reset(name: ConversionName) {
        var (keptText, keptIDs, keptItems) = (text, custom.contentIDs, custom.contents)
        (text, custom.contentIDs, custom.contents) = ([], [], [])
        keptText.removeAll(keepingCapacity: true)
        keptIDs.removeAll(keepingCapacity: true)
        keptItems.removeAll(keepingCapacity: true)
        self = ConversionEvent(name: name)
        (text, custom.contentIDs, custom.contents) = (keptText, keptIDs, keptItems)
    }

    /// The bytes of one of this event's texts.
    public subscript(_ clear: ClearText) -> ArraySlice<UInt8> {
        text[Int(clear.start)..<Int(clear.start) + Int(clear.count)]
    }

    public func copyString(_ clear: ClearText) -> String { String(decoding: self[clear], as: UTF8.self) }
}

/// Text of a ``ConversionEvent`` that leaves as it is: ids, names of products, a scrubbed URL. Empty means absent.
public struct ClearText: Hashable, Sendable {
    public let start: UInt32
    public let count: UInt32

    init(start: UInt32, count: UInt32) {
        self.start = start
        self.count = count
    }

    public static let none = ClearText(start: 0, count: 0)
    public var isEmpty: Bool { count == 0 }
}

public enum ConversionName: Sendable, Hashable {
    case standard(StandardEvent)
    case advertiserDefined(ClearText)
}

/// The client's address, wanted in clear by the API (`client_ip_address`); it prints as nothing.
public struct ClientAddress: Sendable, CustomStringConvertible, CustomReflectable {
    public let text: ClearText
    public init(_ text: ClearText) { self.text = text }
    public static let none = ClientAddress(.none)
    public var description: String { "<address>" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// The client's user agent, wanted in clear by the API (`client_user_agent`); it prints as nothing.
public struct ClientUserAgent: Sendable, CustomStringConvertible, CustomReflectable {
    public let text: ClearText
    public init(_ text: ClearText) { self.text = text }
    public static let none = ClientUserAgent(.none)
    public var description: String { "<user agent>" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// The hashes of one person field, in order, without repeats. One is the rule and costs no allocation.
public struct HashedValues: Sendable {
    public private(set) var first: HashedValue?
    /// Nil, and not an empty array, where there are none: so an event that is copied counts no references for it.
    public private(set) var rest: [HashedValue]?

    public init() {}

    public var isEmpty: Bool { first == nil }
    public var count: Int { first == nil ? 0 : 1 + more.count }
    /// Those behind the first.
    public var more: [HashedValue] { rest ?? [] }

    public mutating func add(_ value: HashedValue) {
        guard let first else { return self.first = value }
        guard value != first else { return }
        guard let rest else { return self.rest = [value] }
        if !rest.contains(value) { self.rest = rest + [value] }
    }

    public func forEach(_ body: (HashedValue) -> Void) {
        guard let first else { return }
        body(first)
        if let rest { rest.forEach(body) }
    }
}

/// `user_data`: hashes, and the four values that the API wants in clear.
public struct ConversionUser: Sendable {
    public var em = HashedValues()
    public var ph = HashedValues()
    public var ge = HashedValues()
    public var db = HashedValues()
    public var ln = HashedValues()
    public var fn = HashedValues()
    public var ct = HashedValues()
    public var st = HashedValues()
    public var zp = HashedValues()
    public var country = HashedValues()
    public var externalID = HashedValues()
    public var hashedMaids = HashedValues()
    public var address = ClientAddress.none
    public var userAgent = ClientUserAgent.none
    public var clickID = ClearText.none
    public var partnerID = ClearText.none

    public init() {}
}

/// `custom_data`.
public struct ConversionCustomData: Sendable {
    public var currency = ClearText.none
    /// Decimal text.
    public var value = ClearText.none
    public var contentIDs: [ClearText] = []
    public var contents: [ConversionItem] = []
    public var numItems: Int64?
    public var orderID = ClearText.none
    public var searchString = ClearText.none
    public var optOutType = ClearText.none
    public var contentName = ClearText.none
    public var contentCategory = ClearText.none
    public var contentBrand = ClearText.none
    public var predictedLTV = ClearText.none
    /// `np`.
    public var namedPartner = ClearText.none
    /// `external_measurement_id`.
    public var measurementID = ClearText.none
    /// `external_measurement_vendor_id`.
    public var measurementVendorID: Int64?

    public init() {}
}

/// One entry of `contents[]`.
public struct ConversionItem: Sendable {
    public var id = ClearText.none
    /// Decimal text.
    public var itemPrice = ClearText.none
    public var quantity: Int64?
    public var itemName = ClearText.none
    public var itemCategory = ClearText.none
    public var itemBrand = ClearText.none

    public init() {}
}

/// The app and device fields. The two objects are finished JSON, checked against the upstream schema key by key.
public struct ConversionApp: Sendable {
    public var appID = ClearText.none
    public var appName = ClearText.none
    public var appVersion = ClearText.none
    public var deviceBrand = ClearText.none
    public var deviceCarrier = ClearText.none
    public var deviceModel = ClearText.none
    public var deviceType = ClearText.none
    public var osVersion = ClearText.none
    public var wifi: Bool?
    public var appInfoJSON = ClearText.none
    public var deviceInfoJSON = ClearText.none

    public init() {}
}
