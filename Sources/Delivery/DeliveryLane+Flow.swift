import Journal
import RelayModel

// When a lane asks for more, what it sends next, and when it has to be looked at again.
extension DeliveryLane {
    /// Wakes what a moment in time wakes.
    mutating func reached(_ now: Int64) {
        if let due = nextDueMillis, due <= now {
            nextDueMillis = nil
            isReady = true
        }
    }

    // MARK: Leasing

    /// The lease to ask for now; nil when there is none.
    mutating func takeLeaseRequest(now: Int64) -> LeaseRequest? {
        guard isReady, !isLeaseOutstanding, gate.wantsWork(now: now) else { return nil }
        // A probe takes one batch; an open lane takes what its calls can carry and one batch to come.
        let window = gate.isOpen ? batchLimit * (concurrency.limit + 1) : batchLimit
        let room = window - heldEvents
        guard room > 0, gate.isOpen || heldEvents == 0 else { return nil }
        guard waiting.isEmpty || isDeep || isLingerOver(now) else { return nil }
        isReady = false
        isLeaseOutstanding = true
        return LeaseRequest(destination: destination, maxEvents: room)
    }

    mutating func leaseAnswered(_ lease: Lease) {
        isLeaseOutstanding = false
        isDeep = lease.moreIsDue
        if lease.moreIsDue { isReady = true }
        if let due = lease.nextDueMillis { nextDueMillis = min(nextDueMillis ?? due, due) }
    }

    // MARK: Sending

    /// A call is made.
    mutating func callStarted(now: Int64) {
        callsInFlight += 1
        concurrency.started(inFlight: callsInFlight)
        rate?.spend(now: now)
        gate.callStarted()
    }

    /// The events of the next call; nil when none is to be made now.
    mutating func nextParcel(now: Int64, isDraining: Bool) -> Parcel? {
        guard gate.admits(now: now, inFlight: callsInFlight, maxInFlight: concurrency.limit),
            rate?.admits(now: now) ?? true
        else { return nil }
        while let index = parked.lastIndex(where: { $0.dueMillis <= now }) {
            var parcel = parked.remove(at: index)
            parcel.entries = parcel.entries.filter { !buryIfTooOld($0, now: now) }
            if !parcel.entries.isEmpty { return parcel }
        }
        while shouldSendWaiting(now: now, isDraining: isDraining) {
            let entries = cutBatch(now: now)
            if !entries.isEmpty { return Parcel(entries: entries) }
        }
        return nil
    }

    /// A full batch goes at once; a smaller one when no more is on its way and it has waited, or cannot wait.
    private func shouldSendWaiting(now: Int64, isDraining: Bool) -> Bool {
        guard !waiting.isEmpty else { return false }
        if waiting.count >= batchLimit || waitingByteCount >= limits.maxBodyByteCount || isDraining { return true }
        return !isLeaseOutstanding && (isLingerOver(now) || !gate.isOpen)
    }

    private func isLingerOver(_ now: Int64) -> Bool { lingerUntilMillis.map { $0 <= now } ?? true }

    /// Takes events off the queue until a limit is reached. Those that are too old are buried on the way.
    private mutating func cutBatch(now: Int64) -> [BatchEntry] {
        var batch: [BatchEntry] = []
        batch.reserveCapacity(min(batchLimit, waiting.count))
        var byteCount = 0
        while batch.count < batchLimit, let entry = waiting.first {
            let size = storedByteCount(entry)
            guard batch.isEmpty || byteCount + size <= limits.maxBodyByteCount else { break }
            waiting.removeFirst()
            waitingByteCount -= size
            guard !buryIfTooOld(entry, now: now) else { continue }
            batch.append(entry)
            byteCount += size
        }
        if waiting.isEmpty { lingerUntilMillis = nil }
        return batch
    }

    private func storedByteCount(_ entry: BatchEntry) -> Int {
        guard let ledger = blocks[entry.blockID] else { return 0 }
        return EventBlock.entryHeaderByteCount + ledger.entries[entry.index].json.count
    }

    private mutating func buryIfTooOld(_ entry: BatchEntry, now: Int64) -> Bool {
        guard let ledger = blocks[entry.blockID] else { return true }
        guard ageSeconds(ledger.entries[entry.index], now: now) > PinterestContract.maxAgeSeconds else { return false }
        bury(entry, .tooOld, message: "", consumesAttempt: false)
        return true
    }

    /// The event happened so long ago that the upstream counts it as offline.
    func isLate(_ entry: BatchEntry, now: Int64) -> Bool {
        guard let ledger = blocks[entry.blockID] else { return false }
        return ageSeconds(ledger.entries[entry.index], now: now) > PinterestContract.realTimeSeconds
    }

    private func ageSeconds(_ entry: EventBlock.Entry, now: Int64) -> Int64 {
        let (age, overflow) = (now / 1000).subtractingReportingOverflow(entry.eventTime)
        return overflow ? Int64.max : age
    }

    // MARK: Time

    /// The next moment at which time alone changes what this lane does.
    func nextDeadline(after now: Int64) -> Int64? {
        var next = isReady ? nil : nextDueMillis
        if case .shut(let until) = gate.state {
            next = isReady ? until : next.map { max($0, until) }
        } else {
            for deadline in parked.map(\.dueMillis) where deadline > now { next = min(next ?? deadline, deadline) }
            if let linger = lingerUntilMillis, linger > now { next = min(next ?? linger, linger) }
        }
        let due = next.flatMap { $0 > now ? $0 : nil }
        guard let rate, !rate.admits(now: now), !(waiting.isEmpty && parked.isEmpty) else { return due }
        return min(due ?? .max, rate.nextMillis)
    }

    /// Follows a clock that was set back, so that no wait grows by the step.
    mutating func shiftDeadlines(by millis: Int64) {
        gate.shiftDeadlines(by: millis)
        breaker.shiftDeadlines(by: millis)
        concurrency.shiftDeadlines(by: millis)
        rate?.shiftDeadlines(by: millis)
        lingerUntilMillis? += millis
        for index in parked.indices { parked[index].dueMillis += millis }
    }
}
