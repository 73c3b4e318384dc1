import Journal

// From leased blocks to calls.
extension DeliveryMachine {
    func take(_ lease: Lease, _ now: Int64) {
        let destination = lease.destination
        lanes[destination].leaseAnswered(lease)
        for block in lease.blocks { lanes[destination].take(block, now: now) }
        if isDraining || !lanes[destination].gate.wantsWork(now: now) { lanes[destination].release(dueMillis: 0) }
        // Before another lease is asked for: each would hold the waiting events back a little longer.
        sendWhatIsDue(destination, now)
    }

    /// Does for one destination what can be done now.
    func advance(_ destination: DestinationIndex, _ now: Int64) {
        lanes[destination].reached(now)
        // Asked before sending, since a lease on its way may fill a batch; and after, since sending makes room.
        requestLease(destination, now)
        sendWhatIsDue(destination, now)
        requestLease(destination, now)
    }

    private func sendWhatIsDue(_ destination: DestinationIndex, _ now: Int64) {
        while let parcel = lanes[destination].nextParcel(now: now, isDraining: isDraining) {
            send(parcel, destination, now)
        }
    }

    private func requestLease(_ destination: DestinationIndex, _ now: Int64) {
        guard !isDraining, let request = lanes[destination].takeLeaseRequest(now: now) else { return }
        actions.append(.requestLease(request))
    }

    private func send(_ parcel: Parcel, _ destination: DestinationIndex, _ now: Int64) {
        let id = nextBatchID()
        let call = PinterestRequest.call(
            id: id, to: lanes[destination].settings, body: lanes[destination].requestBody(parcel.entries))
        lanes[destination].callStarted(now: now)
        flights[id] = Flight(destination: destination, parcel: parcel, sentMillis: now)
        actions.append(
            .send(OutgoingBatch(id: id, destination: destination, entries: parcel.entries, call: call)))
    }
}

extension DeliveryLane {
    func requestBody(_ entries: [BatchEntry]) -> [UInt8] {
        PinterestRequest.body(entries.lazy.compactMap { entry in blocks[entry.blockID]?.json(entry.index) })
    }
}
