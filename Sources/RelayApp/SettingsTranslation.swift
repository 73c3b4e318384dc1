import Delivery
import HTTPEgress
import Inflate
import Intake
import JournalSQLite
import Mapping
import Privacy
import RelayModel
import Settings

// From what an operator configures to what each room takes. One direction, one place.

extension MappingSettings {
    init(_ source: SourceSettings) {
        self.init()
        sourceName = source.name
        viewItemAs = source.viewItemAs == .viewContent ? .viewContent : .pageVisit
        unknownNames = Self.unknownNames(source.unmapped)
        defaultActionSource = source.actionSource
        anonymousIDAsExternalID = source.anonymousIDAsExternalID
        clientIDAsExternalID = source.clientIDAsExternalID
        ipOverrideFromBrowser = source.ipOverrideFromBrowser
        screenAs = source.screenAs
        contentIDOrder = source.contentIDOrder
        partnerName = source.partnerName
    }

    private static func unknownNames(_ unmapped: SourceSettings.Unmapped) -> UnknownNames {
        switch unmapped {
        case .drop: .drop
        case .standard(.custom): .custom
        case .standard(let event): named(event.apiName.description)
        case .advertiserDefined(let name): named(name)
        }
    }

    /// The settings hold checked names only.
    private static func named(_ name: String) -> UnknownNames {
        AdvertiserEventName(name).map { .advertiserDefined($0) } ?? .drop
    }
}

extension PrivacyRules {
    init(_ privacy: PrivacySettings, source: SourceSettings) {
        self.init(privacy, consent: source.consent)
        defaultRegion = source.defaultRegion.flatMap(PlaceTables().country(coded:))
    }

    init(_ privacy: PrivacySettings, consent rule: ConsentRule) {
        self.init()
        consent =
            switch rule.policy {
            case .require: .require
            case .respect: .respect
            case .ignore: .ignore
            }
        onDenial = rule.onDenial == .optOut ? .optOut : .drop
        personalizationDenialCounts = privacy.personalizationDenialCounts
        honoursGlobalPrivacyControl = privacy.gpcAsOptOut
        externalIDCase = privacy.externalIDCase == .keep ? .keep : .lower
        maidsCase = privacy.maidsCase == .keep ? .keep : .lower
        dayMonthOrder =
            switch privacy.birthdayOrder {
            case .unambiguous: nil
            case .dayFirst: .dayFirst
            case .monthFirst: .monthFirst
            }
        ldpStates = Set(privacy.ldpStates.compactMap { StateCode($0) })
        scrubbedKeys = Self.defaultScrubbedKeys.filter { !privacy.keepURLKeys.contains($0) } + privacy.scrubURLKeys
        dropsBots = privacy.filterBots
    }
}

extension PrivacySignals {
    init(_ privacy: PrivacySettings, source: SourceSettings) {
        self.init()
        consentCategory = source.consentCategory.map { Array($0.utf8) } ?? []
        readsUSPrivacy = privacy.ldpFromUSPrivacy
        readsGPP = privacy.ldpFromGPP
    }
}

extension Delivery.DeliverySettings {
    init(_ settings: RelaySettings) {
        self.init(
            destinations: settings.destinations.map { destination in
                Delivery.DestinationSettings(
                    urlBase: settings.upstream.url, adAccountID: destination.adAccountID,
                    authorization: AuthorizationValue("Bearer \(destination.token.revealed)"),
                    testMode: destination.testMode, rateLimit: destination.rateLimit.map { RateLimit($0) })
            })
        maxBatch = settings.delivery.maxBatch
        lingerMillis = settings.delivery.linger.milliseconds
        maxInFlightPerDestination = EgressLimits.callsPerDestination(settings)
        retry.baseMillis = settings.delivery.retryBase.milliseconds
        retry.capMillis = settings.delivery.retryCap.milliseconds
        retry.floorCapMillis = settings.delivery.retryAfterCap.milliseconds
        pauseMillis = settings.delivery.pause.milliseconds
        breaker = BreakerSettings(settings.delivery.breaker)
    }
}

extension BreakerSettings {
    init(_ settings: Settings.DeliverySettings.Breaker) {
        self.init()
        windowMillis = settings.window.milliseconds
        minCalls = settings.minRequests
        failurePercent = settings.failurePercent
        openMillis = settings.open.milliseconds
        openCapMillis = settings.openCap.milliseconds
    }
}

extension RateLimit {
    /// A tenth of a second's calls may come at once.
    init(_ rate: RequestRate) {
        let perMillis = rate.period.milliseconds
        self.init(
            calls: rate.requests, perMillis: perMillis, burst: Int(Int64(rate.requests) * 100 / max(1, perMillis)))
    }
}

extension SegmentLimits {
    init(_ caps: ListenSettings.SegmentCaps) {
        self.init()
        eventByteCount = caps.eventByteCount
        batchByteCount = caps.batchByteCount
        batchItemCount = caps.batchEventCount
    }
}

extension InflateLimits {
    init(_ limits: ListenSettings.Limits) {
        self.init()
        compressedByteCount = limits.compressedBodyByteCount
        inflatedByteCount = limits.bodyByteCount
        ratio = limits.inflateRatio
    }
}

extension EgressLimits {
    init(_ settings: RelaySettings) {
        self.init()
        connectTimeout = settings.upstream.connectTimeout
        totalTimeout = settings.upstream.timeout
        nameCacheTime = settings.upstream.nameCacheTime
        maxConnections = max(settings.upstream.maxConnections, settings.destinations.count)
        maxInFlight = max(maxInFlight, settings.destinations.count * settings.delivery.maxInFlight)
    }

    /// Each destination has a share of the connections that no other can take: an account that does not answer holds its
    /// own alone.
    static func callsPerDestination(_ settings: RelaySettings) -> Int {
        let share = settings.upstream.maxConnections / max(1, settings.destinations.count)
        return min(settings.delivery.maxInFlight, max(1, share))
    }
}

extension EgressIdentity {
    init(_ settings: RelaySettings) {
        self.init(version: RelayApp.version, authorityFile: settings.upstream.caFile)
    }
}

extension ShutdownMachine {
    init(_ drain: DrainSettings) {
        self.init(preStopMillis: drain.preStop.milliseconds, deadlineMillis: drain.deadline.milliseconds)
    }
}

extension JournalSQLite.JournalSettings {
    init(_ settings: RelaySettings) {
        let (journal, dedup) = (settings.journal, settings.dedup)
        self.init(
            directory: journal.path, maxBytes: Int64(journal.maxByteCount), allowsVolatile: journal.allowVolatile)
        minFreeBytes = Int64(journal.minFreeByteCount)
        ballastBytes = Int64(journal.ballastByteCount)
        commitInterval = journal.commitInterval
        repeatWindowMillis = dedup.window.milliseconds
        maxRepeatKeys = dedup.maxKeys
        maxDeadLetterBytes = Int64(settings.deadLetters.maxByteCount)
        deadLetterRetentionMillis = settings.deadLetters.retention.milliseconds
        youngMillis = settings.delivery.freshWithin.milliseconds
    }
}

extension Duration {
    /// Whole milliseconds.
    var milliseconds: Int64 { components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000 }
}
