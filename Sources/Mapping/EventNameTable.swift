public import RelayModel

/// One row of the built-in tables: an incoming name and what it becomes.
public struct EventNameRow: Sendable, Hashable {
    public let name: String
    public let event: StandardEvent

    init(_ name: String, _ event: StandardEvent) {
        self.name = name
        self.event = event
    }
}

/// The built-in tables of event names (`mapping.md` 1.1, 1.2), one for GA4 and one for Segment's `track` calls.
///
/// Both hold Pinterest's own 22 names too, in the API's spelling (`page_visit`) and the browser tag's (`PageVisit`).
public struct EventNameTable: Sendable {
    /// The rows as they are compared, for `pinrelay mappings`.
    public let rows: [EventNameRow]
    private let events: [PackedName: StandardEvent]

    /// The names of GA4 hits and Measurement Protocol events.
    public static func ga4(viewItemAs viewItem: StandardEvent = .pageVisit) -> EventNameTable {
        EventNameTable(ga4Rows(viewItem: viewItem))
    }

    /// The names of Segment `track` calls.
    public static func segment(viewItemAs viewItem: StandardEvent = .pageVisit) -> EventNameTable {
        EventNameTable(segmentRows(viewItem: viewItem))
    }

    private init(_ own: [EventNameRow]) {
        rows = own + Self.pinterestRows
        var events: [PackedName: StandardEvent] = [:]
        for row in rows {
            guard let name = PackedName(row.name) else { preconditionFailure("a built-in name is too long") }
            if events[name] == nil { events[name] = row.event }
        }
        self.events = events
    }

    /// - Parameter name: an event's name as sent.
    /// - Returns: what it becomes; nil when no row knows it.
    public func event(named name: Span<UInt8>) -> StandardEvent? {
        PackedName(name).flatMap { events[$0] }
    }
}
