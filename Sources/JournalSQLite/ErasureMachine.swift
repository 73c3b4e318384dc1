// When deleted bytes are overwritten.
//
// A client's address must not outlive its delivery on the disk. SQLite can overwrite each page as it is freed
// (`secure_delete = ON`), but then every event passes twice through the write-ahead log. While few pages are free the
// next commits take and overwrite them anyway; so they are freed as they are (`FAST`: what is deleted from a page that
// stays is still overwritten), and the few that nobody took are overwritten together: once a minute, and in a quiet
// second. When a backlog leaves the journal, each page is overwritten as it is freed.
//
// Invariant: beyond `keptPages` free pages, all that are free have been overwritten.

/// Says when free pages are to be overwritten, and how pages are to be freed.
package struct ErasureMachine {
    /// So many free pages may hold deleted bytes: 2 MiB.
    package static let keptPages = 512
    /// A file that is opened with more free pages than these, 16 MiB, was left while each was overwritten at once.
    package static let openedPages = 8 * keptPages
    /// How long they may hold them on a journal that is never quiet.
    package static let period = Duration.seconds(60)

    package enum Action: Equatable {
        case nothing
        /// Overwrite all free pages, then each that is freed from now on.
        case overwriteEach
        /// Free pages as they are from now on.
        case overwriteLater
    }

    package private(set) var overwritesEach = false
    /// True while free pages may hold deleted bytes.
    package private(set) var holdsDeleted = true
    private var lastErasure: ContinuousClock.Instant

    /// - Parameter freePages: of the file that was opened.
    package init(freePages: Int, now: ContinuousClock.Instant) {
        holdsDeleted = freePages > 0 && freePages <= Self.openedPages
        lastErasure = now
    }

    /// Before a transaction that frees pages.
    /// - Parameter freePages: those that are free now and those to come.
    package mutating func willFree(makes freePages: Int) -> Action {
        let isMany = freePages > (overwritesEach ? Self.keptPages / 2 : Self.keptPages)
        defer { overwritesEach = isMany }
        if isMany == overwritesEach { return .nothing }
        return isMany ? .overwriteEach : .overwriteLater
    }

    /// Pages were freed.
    package mutating func freed() {
        if !overwritesEach { holdsDeleted = true }
    }

    /// - Parameter freePages: how many there are; far more than are kept when many dead letters have gone at once.
    package func isDue(isQuiet: Bool, freePages: Int, now: ContinuousClock.Instant) -> Bool {
        holdsDeleted && (isQuiet || freePages > 2 * Self.keptPages || now - lastErasure >= Self.period)
    }

    package mutating func erased(now: ContinuousClock.Instant) {
        holdsDeleted = false
        lastErasure = now
    }
}
