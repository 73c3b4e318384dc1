// When the write-ahead log is copied into the database.
//
// SQLite's own automatic checkpoint is off: it runs inside a commit, before the tickets are answered. Instead a copy
// runs beside the commits on a connection of its own. Under load such a copy never catches up to the last frame, and
// only a log that is copied whole starts again from its beginning; so when a copy has left a short tail, or the log has
// come to its limit, the journal's thread copies what is left itself, between two commits.
//
// Invariants: one copy at a time; the log does not pass `limitFrames` by more than one commit while copies succeed and
// nobody reads for long. On a small disk both bounds are smaller (`StorageBounds`).

/// Estimates the frames that are not copied yet, and says what to do.
package struct LogMachine {
    package static let pageByteCount = 4096
    /// What a row costs beside its payload: a leaf of the table, one of the index, and their parents now and then.
    package static let framesPerRow = 3
    /// A copy begins here: 16 MiB.
    package static let copyFrames = 4096
    /// A tail no longer than this is copied by the journal's thread: 1 MiB.
    package static let tailFrames = 256
    /// Here the journal's thread waits for the copy: 64 MiB.
    package static let limitFrames = JournalSettings.walLimitBytes / pageByteCount

    package enum Action: Equatable {
        case nothing
        /// Begin a copy beside the commits; report its end.
        case copyBeside
        /// Copy now, after one that may be running.
        case copyHere
    }

    private let copyFrames: Int
    private let limitFrames: Int
    /// Frames that are not copied yet, about.
    package private(set) var pendingFrames = 0
    private var framesSinceBegin = 0
    /// Frames in the log since it last could start again: copies that never catch up leave it growing.
    private var logFrames = 0
    private var isCopying = false
    private var hasJustCopied = false

    /// - Parameters:
    ///   - copyFrames: where a copy begins.
    ///   - limitFrames: where it is waited for.
    package init(copyFrames: Int = Self.copyFrames, limitFrames: Int = Self.limitFrames) {
        self.copyFrames = copyFrames
        self.limitFrames = limitFrames
    }

    package mutating func wrote(byteCount: Int) {
        let frames = Self.framesPerRow + byteCount / Self.pageByteCount
        pendingFrames += frames
        framesSinceBegin += frames
        logFrames += frames
    }

    /// - Parameter remainingFrames: frames left over, of those that the copy found; nil when it failed.
    package mutating func copyEnded(remainingFrames: Int?) {
        pendingFrames = (remainingFrames ?? 0) + framesSinceBegin
        if pendingFrames == 0 { logFrames = 0 }
        hasJustCopied = isCopying && remainingFrames != nil
        isCopying = false
    }

    package mutating func next() -> Action {
        if logFrames >= limitFrames {
            // Counted anew whatever comes of it: a reader that keeps the log from starting again shall not make every
            // commit wait for a copy.
            logFrames = 0
            return begin(.copyHere)
        }
        if isCopying { return .nothing }
        let isTail = hasJustCopied && pendingFrames > 0
        hasJustCopied = false
        if isTail && pendingFrames <= Self.tailFrames { return begin(.copyHere) }
        return isTail || pendingFrames >= copyFrames ? begin(.copyBeside) : .nothing
    }

    private mutating func begin(_ action: Action) -> Action {
        isCopying = action == .copyBeside
        framesSinceBegin = 0
        return action
    }
}
