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
    /// The values found, by the slots of `paths`; as many as `PathTable.maximumSlotCount`.
    var found: [192 of TapeNode?] = .init(repeating: nil)
    /// The fields that have a value in ``found``: most have none, and are passed over at once.
    var present = FieldSet()
    /// The device's owner has switched ad tracking off.
    var isTrackingOff = false
    /// The page's URL, also needed for the click id.
    var pageURL = TextRef.none
    /// The event's time as the sender's clock had it: what a repeat has in common with the first.
    var senderTimeMicros: Int64 = 0

    init(
        _ event: SourceEvent, name: MappedName, table: MappingTable, tape: consuming EventTape, trace: MappingTrace?
    ) {
        self.event = event
        self.table = table
        self.tape = tape
        self.trace = trace
        paths = event.kind.isSegment ? table.segmentPaths : table.ga4Paths
        mapped = MappedEvent(name: name)
    }

    var settings: MappingSettings { table.settings }

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
        mapEventID(hashing: &hashing)
        mapped.consent = event.consent
        mapped.optsOutOfSale = event.optsOutOfSale
        mapped.globalPrivacyControl = event.call.globalPrivacyControl
        return nil
    }
}
