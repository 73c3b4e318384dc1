import MappingLanguage
import RelayModel

/// Maps one event: one walk finds the values of all known paths, then each concern reads its own.
///
/// It lives for one event on one thread and owns the tape for that time.
struct EventMapper: ~Copyable {
    let event: SourceEvent
    let table: MappingTable
    let paths: PathTable
    var tape: EventTape
    var mapped: MappedEvent
    /// Nil when nobody asks: then a set field costs one test.
    var trace: MappingTrace?
    /// The values found, by the slots of `paths`.
    var found = FoundNodes()
    /// The fields that have a value in ``found``: most have none, and are passed over at once.
    var present = FieldSet()
    /// A mapping of the configuration sets fields: see ``overrides``. Without one, a field costs one test.
    let hasOverrides: Bool
    var overrides: FieldOverrides
    /// What one of the configuration's mappings could not do.
    var fault: MappingRunFault?
    /// Another result of the same event is a checkout, whose id is the order's.
    let isBesideCheckout: Bool
    /// The id of the event's other results; absent for the first.
    let sharedEventID: TextRef
    /// The device's owner has switched ad tracking off.
    var isTrackingOff = false
    /// The page's URL, also needed for the click id.
    var pageURL = TextRef.none
    /// The event's time as the sender's clock had it: what a repeat has in common with the first.
    var senderTimeMicros: Int64 = 0

    init(
        _ event: SourceEvent, _ taking: Taking, table: MappingTable, tape: consuming EventTape, trace: MappingTrace?
    ) {
        self.event = event
        self.table = table
        self.tape = tape
        self.trace = trace
        paths = event.kind.isSegment ? table.segmentPaths : table.ga4Paths
        mapped = MappedEvent(name: taking.name)
        hasOverrides = taking.overrides != nil
        overrides = taking.overrides ?? FieldOverrides()
        isBesideCheckout = taking.isBesideCheckout
        sharedEventID = taking.sharedEventID
    }

    var settings: MappingSettings { table.settings }

    /// Appends the event, which is of no use here afterwards: it changes its place without a copy.
    mutating func hand(to events: inout [MappedEvent]) {
        var made = MappedEvent(name: mapped.name)
        swap(&made, &mapped)
        events.append(made)
    }

    /// - Returns: nil when ``mapped`` is complete, else why the event is not sent.
    mutating func run(hashing: inout some TextHashing) -> NotSentReason? {
        findMembers()
        if let reason = mapTime() { return reason }
        mapEventFields()
        mapPerson()
        mapClient()
        mapClickID()
        mapCommerce()
        if mapped.actionSource.isApp { mapApp() }
        if hasOverrides { mapOverrides() }
        mapEventID(hashing: &hashing)
        mapped.consent = event.consent
        mapped.optsOutOfSale = event.optsOutOfSale
        mapped.globalPrivacyControl = event.call.globalPrivacyControl
        return nil
    }
}
