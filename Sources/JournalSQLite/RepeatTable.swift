import Foundation
import GRDB
import Journal

/// The statements on `repeat_slices`: the keys of stored events, a row a slice, eight little-endian bytes a key. The
/// caller owns the transaction.
struct RepeatTable {
    private let db: Database

    init(_ db: Database) { self.db = db }

    /// Stores a slice, in place of what was stored of it before.
    func put(_ slice: RepeatIndex.Slice) throws {
        try db.cachedStatement(sql: "INSERT OR REPLACE INTO repeat_slices (id, last_ms, keys) VALUES (?, ?, ?)")
            .execute(arguments: [slice.id, slice.lastMillis, Self.data(of: slice.keys)])
    }

    func delete(below id: Int64) throws {
        try db.cachedStatement(sql: "DELETE FROM repeat_slices WHERE id < ?").execute(arguments: [id])
    }

    /// Puts the stored slices into an index, one at a time.
    func restore(into index: inout RepeatIndex, nowMillis: Int64) throws {
        let rows = try Row.fetchCursor(db, sql: "SELECT id, last_ms, keys FROM repeat_slices ORDER BY id")
        while let row = try rows.next() {
            let keys = try row.withUnsafeData(atIndex: 2) { data in data.map(Self.keys) ?? [] }
            index.restore(id: row[0], lastMillis: row[1], keys: keys, nowMillis: nowMillis)
        }
    }

    private static func data(of keys: [UInt64]) -> Data {
        var data = Data(capacity: keys.count * 8)
        for key in keys {
            for shift in stride(from: 0, to: 64, by: 8) { data.append(UInt8(truncatingIfNeeded: key >> UInt64(shift))) }
        }
        return data
    }

    /// Bytes behind the last whole key are passed over.
    private static func keys(in data: Data) -> [UInt64] {
        var keys: [UInt64] = []
        keys.reserveCapacity(data.count / 8)
        var key: UInt64 = 0
        for (offset, byte) in data.enumerated() {
            key = key >> 8 | UInt64(byte) << 56
            if offset % 8 == 7 { keys.append(key) }
        }
        return keys
    }
}
