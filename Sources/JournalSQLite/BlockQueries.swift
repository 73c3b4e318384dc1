/// The queries of the lanes. Each must stay a search in an index that covers it: the queue may be long.
package enum BlockQueries {
    package static let fresh = """
        SELECT id, stored_ms, due_ms, events FROM blocks INDEXED BY blocks_in_lease_order
        WHERE destination = ? AND due_ms = 0 AND id > ? AND id <= ? ORDER BY id
        """
    package static let lastFresh = """
        SELECT id FROM blocks INDEXED BY blocks_in_lease_order
        WHERE destination = ? AND due_ms = 0 ORDER BY id DESC LIMIT 1
        """
    package static let postponed = """
        SELECT id, stored_ms, due_ms, events FROM blocks INDEXED BY blocks_in_lease_order
        WHERE destination = ? AND due_ms > 0 AND (due_ms, id) > (?, ?) AND due_ms <= ? ORDER BY due_ms, id
        """
    package static let nextDue = """
        SELECT due_ms FROM blocks INDEXED BY blocks_in_lease_order
        WHERE destination = ? AND due_ms > 0 AND (due_ms, id) > (?, ?) ORDER BY due_ms, id LIMIT 1
        """
    package static let oldestFresh = """
        SELECT stored_ms FROM blocks INDEXED BY blocks_in_lease_order
        WHERE destination = ? AND due_ms = 0 ORDER BY id LIMIT 1
        """
    package static let oldestPostponed = """
        SELECT stored_ms FROM blocks INDEXED BY blocks_postponed_by_age
        WHERE destination = ? AND due_ms > 0 ORDER BY stored_ms LIMIT 1
        """
    package static let totals = "SELECT destination, events FROM queue_totals"
    /// What ``totals`` must agree with.
    package static let queued =
        "SELECT destination, sum(events) FROM blocks INDEXED BY blocks_in_lease_order GROUP BY destination"
}
