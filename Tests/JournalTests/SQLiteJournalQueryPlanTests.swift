import GRDB
import JournalSQLite
import Testing

/// What keeps a lease and a start cheap with a long queue: every query on it is a search in an index.
@Suite("SQLiteJournal's query plans")
struct SQLiteJournalQueryPlanTests {
    private func plan(_ sql: String) throws -> String {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        _ = try SQLiteJournal(settings: .sample(directory), destinations: ["shop"])
        let queue = try DatabaseQueue(path: directory.path + "/journal.sqlite")
        return try queue.read { db in
            let count = sql.count { $0 == "?" }
            let rows = try Row.fetchAll(
                db, sql: "EXPLAIN QUERY PLAN " + sql, arguments: StatementArguments(Array(repeating: 1, count: count)))
            return rows.map { $0["detail"] as String }.joined(separator: "; ")
        }
    }

    @Test(
        "a query of the lanes searches an index that holds all it reads, and sorts nothing",
        arguments: [
            (BlockQueries.fresh, "(destination=? AND due_ms=? AND id>? AND id<?)"),
            (BlockQueries.postponed, "(destination=? AND due_ms>? AND due_ms<?)"),
            (BlockQueries.nextDue, "(destination=? AND due_ms>?)"),
            (BlockQueries.oldestFresh, "(destination=? AND due_ms=?)"),
            (BlockQueries.oldestPostponed, "(destination=?)"),
        ])
    func lanes(sql: String, search: String) throws {
        let plan = try plan(sql)
        #expect(plan.hasPrefix("SEARCH blocks USING COVERING INDEX blocks_"), "\(plan)")
        #expect(plan.hasSuffix(search), "\(plan)")
    }

    @Test("the start reads the counts and never the queue; counting anew reads no payload")
    func counting() throws {
        #expect(try plan(BlockQueries.totals) == "SCAN queue_totals")
        #expect(try plan(BlockQueries.queued) == "SCAN blocks USING COVERING INDEX blocks_in_lease_order")
    }
}
