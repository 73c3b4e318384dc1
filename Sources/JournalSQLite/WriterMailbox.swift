package import Dispatch
package import Journal
import Synchronization

/// What waits for the journal's thread. Any thread posts; the journal's thread alone takes, everything at once.
///
/// Appends are bounded in number and bytes. Settlements and lease requests are not counted: both are bounded by what
/// delivery has in flight.
package final class WriterMailbox: Sendable {
    /// All that had come by the time it was taken.
    package struct Group: Sendable {
        package var appends: [JournalAppend] = []
        package var settlements: [Settlement] = []
        package var leases: [LeaseRequest] = []
        package var replays: [ReplayRequest] = []
        package var notices: [JournalNotice] = []
        /// Nothing comes after this group.
        package var isLast = false

        package var isEmpty: Bool {
            appends.isEmpty && settlements.isEmpty && leases.isEmpty && replays.isEmpty && notices.isEmpty && !isLast
        }
    }

    private struct State: Sendable {
        var waiting = Group()
        var appendBytes = 0
        var takesAppends = false
        var isOpen = true
        /// True from a post until the taking: at most one signal is outstanding.
        var isSignalled = false
    }

    private let maxAppends: Int
    private let maxBytes: Int
    private let state = Mutex(State())
    private let wake = DispatchSemaphore(value: 0)

    package init(maxAppends: Int, maxBytes: Int) {
        self.maxAppends = maxAppends
        self.maxBytes = maxBytes
    }

    /// From now on appends are taken.
    package func open() {
        state.withLock { $0.takesAppends = $0.isOpen }
    }

    package func post(_ append: JournalAppend) -> Bool {
        let bytes = append.byteCount
        return post { state in
            let count = state.waiting.appends.count
            guard state.takesAppends, count < maxAppends else { return false }
            guard count == 0 || state.appendBytes + bytes <= maxBytes else { return false }
            state.waiting.appends.append(append)
            state.appendBytes += bytes
            return true
        }
    }

    package func post(_ request: LeaseRequest) {
        _ = post { state in
            if state.isOpen { state.waiting.leases.append(request) }
            return state.isOpen
        }
    }

    /// - Returns: false when nothing is taken any more.
    package func post(_ request: ReplayRequest) -> Bool {
        post { state in
            if state.isOpen { state.waiting.replays.append(request) }
            return state.isOpen
        }
    }

    package func post(_ settlements: [Settlement]) {
        _ = post { state in
            if state.isOpen { state.waiting.settlements += settlements }
            return state.isOpen
        }
    }

    /// Notices are few: each comes from a thread that then waits, or ends.
    package func post(_ notice: JournalNotice) {
        _ = post { state in
            state.waiting.notices.append(notice)
            return true
        }
    }

    /// From now on appends are refused; the rest goes on.
    package func refuseAppends() {
        state.withLock { $0.takesAppends = false }
    }

    /// Ends the posting; the next group is the last.
    package func close() {
        _ = post { state in
            state.takesAppends = false
            state.isOpen = false
            state.waiting.isLast = true
            return true
        }
    }

    /// Wakes the journal's thread, to an empty group if nothing waits.
    package func poke() {
        _ = post { _ in true }
    }

    /// Waits until there is something, and takes it all.
    /// - Parameter limit: how long to wait at most; the group may be empty then. Nil waits for ever.
    package func take(within limit: DispatchTimeInterval? = nil) -> Group {
        if let limit { _ = wake.wait(timeout: .now() + limit) } else { wake.wait() }
        return state.withLock { state in
            let group = state.waiting
            state.waiting = Group()
            state.waiting.isLast = group.isLast
            state.appendBytes = 0
            state.isSignalled = false
            return group
        }
    }

    /// True while nothing waits.
    package var isIdle: Bool { state.withLock { !$0.isSignalled } }

    private func post(_ change: (inout State) -> Bool) -> Bool {
        let (taken, signals) = state.withLock { state in
            guard change(&state) else { return (false, false) }
            let signals = !state.isSignalled
            state.isSignalled = true
            return (true, signals)
        }
        if signals { wake.signal() }
        return taken
    }
}

extension JournalAppend {
    /// About what it takes in memory.
    fileprivate var byteCount: Int {
        let blockBytes = blocks.reduce(0) {
            $0 + $1.block.payload.count + 64 + $1.keys.count * MemoryLayout<RepeatKeys>.stride
        }
        return deadLetters.reduce(128 + blockBytes) { $0 + $1.json.count + $1.message.utf8.count + 256 }
    }
}
