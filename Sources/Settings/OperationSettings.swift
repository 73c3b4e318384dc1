/// `journal`: where events stand between answer and delivery.
public struct JournalSettings: Sendable, Equatable {
    public enum Kind: String, CaseIterable, Sendable { case sqlite }

    public let kind: Kind
    /// A directory, made if missing.
    public let path: String
    public let maxByteCount: Int
    /// Senders are refused while the disk has less than this left.
    public let minFreeByteCount: Int
    /// What is kept to be given up on a full disk, so that deliveries go on.
    public let ballastByteCount: Int
    /// Take a file system that forgets, such as tmpfs.
    public let allowVolatile: Bool
    /// From the beginning of a commit to that of the next, while many senders wait for each.
    public let commitInterval: Duration
}

/// `dedup`: how repeats of an event are known.
public struct DedupSettings: Sendable, Equatable {
    /// How long after an event its repeats are known; zero takes every event.
    public let window: Duration
    /// Keys that are remembered, two or three an event: 20 bytes of memory each.
    public let maxKeys: Int
}

/// `privacy`.
public struct PrivacySettings: Sendable, Equatable {
    public enum LetterCase: String, CaseIterable, Sendable { case lower, keep }

    /// How a birthday such as `04/05/1990` is read.
    public enum BirthdayOrder: String, CaseIterable, Sendable {
        /// Only where a part over 12 shows the order.
        case unambiguous
        case dayFirst = "day_first"
        case monthFirst = "month_first"
    }

    /// The rule of sources that have none of their own; code uses ``SourceSettings/consent``.
    public let consent: ConsentRule
    public let externalIDCase: LetterCase
    public let maidsCase: LetterCase
    public let birthdayOrder: BirthdayOrder
    /// US states in upper case whose events are sent with limited data processing.
    public let ldpStates: [String]
    /// A `us_privacy` string that opts out of sale asks for limited data processing.
    public let ldpFromUSPrivacy: Bool
    /// So does a GPP string.
    public let ldpFromGPP: Bool
    /// `Sec-GPC: 1` counts as an opt-out.
    public let gpcAsOptOut: Bool
    /// A denied `ad_personalization`, or `npa=1`, alone counts as a denial (`mapping.md` 9.7).
    public let personalizationDenialCounts: Bool
    /// Query keys, in lower case, that leave URLs besides those of `mapping.md` 9.12.
    public let scrubURLKeys: [String]
    /// Query keys, in lower case, that stay although `mapping.md` 9.12 names them.
    public let keepURLKeys: [String]
    /// Events of known crawlers are not sent.
    public let filterBots: Bool
}

/// `delivery`: batches and retries, the same for every destination.
public struct DeliverySettings: Sendable, Equatable {
    /// Events in one upstream request, 1 to 1000.
    public let maxBatch: Int
    /// How long a batch that is not full waits for more events.
    public let linger: Duration
    /// The first retry's delay; it doubles from there.
    public let retryBase: Duration
    public let retryCap: Duration
    /// The longest wait that `Retry-After` or `X-RateLimit-Reset` of an answer can ask for.
    public let retryAfterCap: Duration
    /// Upstream requests under way at once, per destination, at most.
    public let maxInFlight: Int
    /// How long an account rests that refuses the relay, or cannot be reached at all, between two probes.
    public let pause: Duration
    /// Events that were stored within this time go before older ones; zero sends the oldest first.
    public let freshWithin: Duration
    public let breaker: Breaker

    /// `delivery.breaker`: when failing requests stop the requests to a destination for a while.
    public struct Breaker: Sendable, Equatable {
        /// The time over which requests are counted.
        public let window: Duration
        /// Fewer requests than this in a window say nothing.
        public let minRequests: Int
        /// The share of failed requests that opens the breaker.
        public let failurePercent: Int
        /// How long it stays open the first time; each failed probe doubles it, up to the cap.
        public let open: Duration
        public let openCap: Duration
    }
}

/// `dead_letters`: how long and how many are kept.
public struct DeadLetterSettings: Sendable, Equatable {
    /// Zero keeps them as long as there is room.
    public let retention: Duration
    /// What they may take; beyond it the oldest go.
    public let maxByteCount: Int
}

/// `drain`: how the relay stops.
public struct DrainSettings: Sendable, Equatable {
    /// How long it keeps serving after it has turned unready.
    public let preStop: Duration
    /// Counted from the end of `preStop`.
    public let deadline: Duration
}

/// `log`.
public struct LogSettings: Sendable, Equatable {
    public enum Level: String, CaseIterable, Sendable { case trace, debug, info, notice, warning, error, critical }

    public enum Format: String, CaseIterable, Sendable { case json, text }

    public let level: Level
    public let format: Format
}
