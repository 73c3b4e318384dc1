/// The settings of delivery. All times are milliseconds.
public struct DeliverySettings: Sendable {
    /// The destinations, in the order of their index.
    public var destinations: [DestinationSettings]
    /// Events per request, at most; the contract's own limits hold beside it.
    public var maxBatch = PinterestContract.maxEventsPerRequest
    /// Bytes of a request's body, at most; a single larger event still goes alone.
    public var maxBodyByteCount = 2 << 20
    /// How long events of a shallow queue wait for company.
    public var lingerMillis: Int64 = 1000
    /// Calls under way at once, at most; how many there are is found by trying, see ``initialInFlight``.
    public var maxInFlightPerDestination = 4
    /// The calls that a destination begins with.
    public var initialInFlight = 1
    public var retry = RetryPolicy()
    /// How long a destination that refuses us (401, 403, 404) rests between two probes.
    public var pauseMillis: Int64 = 60_000
    /// Answers to one event alone that settle nothing, before it becomes a dead letter.
    public var unsettledLimit = 5
    public var breaker = BreakerSettings()

    public init(destinations: [DestinationSettings]) { self.destinations = destinations }
}

/// When failing calls stop the calls to a destination for a while (`reliability.md` 7).
public struct BreakerSettings: Sendable, Equatable {
    /// The time over which calls are counted.
    public var windowMillis: Int64 = 5 * 60_000
    /// Fewer calls than this in a window say nothing.
    public var minCalls = 10
    /// The share of failed calls, in percent, that opens the breaker.
    public var failurePercent = 50
    /// How long it stays open the first time; each failed probe doubles it, up to the cap.
    public var openMillis: Int64 = 30_000
    public var openCapMillis: Int64 = 10 * 60_000

    public init() {}
}

/// One ad account.
public struct DestinationSettings: Sendable {
    /// Scheme and host, as `https://api.pinterest.com`; no slash at the end.
    public var urlBase: String
    /// Digits only, at most 18.
    public var adAccountID: String
    public var authorization: AuthorizationValue
    /// Events are checked by the upstream but not recorded.
    public var testMode: Bool
    /// Nil makes calls as fast as they are answered; ``RateLimit/testMode`` holds in test mode all the same.
    public var rateLimit: RateLimit?

    public init(
        urlBase: String, adAccountID: String, authorization: AuthorizationValue, testMode: Bool = false,
        rateLimit: RateLimit? = nil
    ) {
        self.urlBase = urlBase
        self.adAccountID = adAccountID
        self.authorization = authorization
        self.testMode = testMode
        self.rateLimit = rateLimit
    }

    /// The limit in force.
    var rateInForce: RateLimit? {
        guard testMode else { return rateLimit }
        guard let rateLimit, rateLimit.costMicros > RateLimit.testMode.costMicros else { return .testMode }
        return rateLimit
    }
}

/// The finished value of an `Authorization` header, as `Bearer ...`; it prints as nothing.
public struct AuthorizationValue: Sendable, CustomStringConvertible, CustomReflectable {
    let headerValue: String

    public init(_ headerValue: String) { self.headerValue = headerValue }

    public var description: String { "<authorization>" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
