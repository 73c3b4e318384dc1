// Whether the disk has room for events, and what becomes of the ballast.
//
// The journal needs room even to delete: a deletion passes through the write-ahead log. So appends end while there is
// still room (`minFree`), and behind that stands the ballast, which is given up when half of that room is gone or a
// write has met a full disk. It is taken back as soon as there is room for both again, and only then events are.
//
// Invariants: pure; while the ballast is given up nothing is admitted; the ballast is taken back only with room to spare.

/// Decides by what is left on the disk.
package struct HeadroomMachine: Sendable {
    package enum Action: Equatable { case nothing, release, take }

    private let minFree: Int64
    private let ballast: Int64
    /// Whether the ballast is held.
    package var holdsBallast: Bool

    package init(minFree: Int64, ballast: Int64, holdsBallast: Bool) {
        self.minFree = minFree
        self.ballast = ballast
        self.holdsBallast = holdsBallast
    }

    /// What events may take, in bytes; 0 or less when none may be taken.
    package func room(available: Int64) -> Int64 {
        available - minFree - (holdsBallast ? 0 : ballast)
    }

    /// What to do with the ballast.
    package func action(available: Int64) -> Action {
        guard ballast > 0 else { return .nothing }
        if holdsBallast { return available < minFree / 2 ? .release : .nothing }
        return available >= minFree + ballast ? .take : .nothing
    }
}
