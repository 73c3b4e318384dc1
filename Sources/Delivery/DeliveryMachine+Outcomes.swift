import Journal
import RelayModel

// What an outcome means for the events of a call and for the calls to come (`pinterest-api.md` 3.4).
extension DeliveryMachine {
    func answered(_ flight: Flight, _ answer: UpstreamAnswer, _ now: Int64) {
        let destination = flight.destination
        let events = flight.parcel.entries.count
        actions.append(
            .report(
                .answered(
                    destination: destination, status: answer.status, events: events, requestID: answer.requestID)))
        switch PinterestResponse.meaning(ofStatus: answer.status) {
        case .settled:
            lanes[destination].concurrency.answered(sent: flight.sentMillis, now: now)
            settle(flight, answer, now)
        case .requestRefused:
            lanes[destination].concurrency.answered(sent: flight.sentMillis, now: now)
            requestRefused(flight, answer, now)
        case .rateLimited:
            lanes[destination].concurrency.pushedBack(sent: flight.sentMillis, now: now)
            rateLimited(flight, answer, now)
        case .accountRefused: accountRefused(flight, answer, now)
        case .unavailable: retryLater(flight, answer, now)
        }
    }

    func failed(_ flight: Flight, _ fault: TransportFault, retriable: Bool, _ now: Int64) {
        let destination = flight.destination
        let entries = flight.parcel.entries
        actions.append(.report(.failed(destination: destination, fault: fault, events: entries.count)))
        switch fault {
        case .cancelled:
            lanes[destination].gate.callAbandoned(now: now)
            lanes[destination].keep(entries, consumesAttempt: false, dueMillis: 0)
        case .answerTooLarge:
            reachedUpstream(destination, now)
            unsettled(flight.parcel, destination, now)
        default:
            if retriable { return retryLater(flight, nil, now) }
            lanes[destination].keep(entries, consumesAttempt: false, dueMillis: 0)
            shut(destination, .unreachable(fault), untilMillis: now + settings.pauseMillis, message: "", now)
        }
    }

    // MARK: Answers that speak of events

    private func settle(_ flight: Flight, _ answer: UpstreamAnswer, _ now: Int64) {
        let destination = flight.destination
        let entries = flight.parcel.entries
        reachedUpstream(destination, now)
        let verdicts = PinterestResponse.verdicts(
            of: answer.body, status: answer.status, eventCount: entries.count, parser: &parser, tape: &tape)
        guard let verdicts else { return unsettled(flight.parcel, destination, now) }
        var unknown = flight.parcel
        unknown.entries = []
        var late = 0
        var refused = 0
        for (entry, verdict) in zip(entries, verdicts.events) {
            switch verdict {
            case .processed:
                if lanes[destination].isLate(entry, now: now) { late += 1 }
                lanes[destination].deliver(entry)
            case .failed(let message):
                refused += 1
                lanes[destination].bury(entry, .refused, message: message)
            case .unknown: unknown.entries.append(entry)
            }
        }
        if late > 0 { actions.append(.report(.deliveredLate(destination: destination, events: late))) }
        if refused > 0 {
            actions.append(
                .report(.refused(destination: destination, events: refused, requestID: answer.requestID)))
        }
        if verdicts.warnedEvents > 0 {
            actions.append(
                .report(
                    .warned(
                        destination: destination, events: verdicts.warnedEvents, sample: verdicts.warningSample)))
        }
        if !unknown.entries.isEmpty { unsettled(unknown, destination, now) }
    }

    /// Nobody knows what became of these events. They are sent again under the same ids, which the upstream takes for
    /// one, in ever smaller parcels, so that an event which spoils every answer ends alone.
    private func unsettled(_ parcel: Parcel, _ destination: DestinationIndex, _ now: Int64) {
        actions.append(.report(.unsettled(destination: destination, events: parcel.entries.count)))
        var next = parcel
        next.dueMillis =
            now + settings.retry.delayMillis(attempts: next.unsettledTries, floorSeconds: nil, using: &random)
        next.unsettledTries += 1
        if isDraining {
            return lanes[destination].keep(next.entries, consumesAttempt: true, dueMillis: next.dueMillis)
        }
        guard next.entries.count == 1 else { return park(halvesOf: next, destination) }
        next.unsettledAlone += 1
        if next.unsettledAlone < settings.unsettledLimit { return lanes[destination].parked.append(next) }
        lanes[destination].bury(next.entries[0], .unsettled, message: "")
    }

    /// The request was refused as a whole: it is cut in two until the event that spoils it is alone.
    private func requestRefused(_ flight: Flight, _ answer: UpstreamAnswer, _ now: Int64) {
        let destination = flight.destination
        let parcel = flight.parcel
        reachedUpstream(destination, now)
        if parcel.entries.count == 1 {
            return lanes[destination].bury(parcel.entries[0], .requestRefused, message: message(answer))
        }
        actions.append(.report(.split(destination: destination, events: parcel.entries.count)))
        park(halvesOf: parcel, destination)
    }

    private func park(halvesOf parcel: Parcel, _ destination: DestinationIndex) {
        let (first, second) = parcel.halves()
        lanes[destination].parked.append(second)
        lanes[destination].parked.append(first)
    }

    // MARK: Answers that speak of the account or the service

    private func rateLimited(_ flight: Flight, _ answer: UpstreamAnswer, _ now: Int64) {
        let destination = flight.destination
        // Calls that were under way together are one event: the first sets the time, the others follow it.
        if case .shut(let until) = lanes[destination].gate.state, lanes[destination].gate.cause == .rateLimited {
            return lanes[destination].keep(flight.parcel.entries, consumesAttempt: false, dueMillis: until)
        }
        let asked = [answer.retryAfterSeconds, answer.rateLimitResetSeconds].compactMap(\.self).max()
        let wait = settings.retry.delayMillis(
            attempts: lanes[destination].rateLimitedInARow, floorSeconds: asked, using: &random)
        lanes[destination].rateLimitedInARow += 1
        lanes[destination].keep(flight.parcel.entries, consumesAttempt: false, dueMillis: now + wait)
        shut(destination, .rateLimited, untilMillis: now + wait, message: message(answer), now)
    }

    private func accountRefused(_ flight: Flight, _ answer: UpstreamAnswer, _ now: Int64) {
        let destination = flight.destination
        lanes[destination].keep(flight.parcel.entries, consumesAttempt: false, dueMillis: 0)
        shut(
            destination, .refused(status: answer.status), untilMillis: now + settings.pauseMillis,
            message: message(answer), now)
    }

    private func retryLater(_ flight: Flight, _ answer: UpstreamAnswer?, _ now: Int64) {
        let destination = flight.destination
        lanes[destination].concurrency.pushedBack(sent: flight.sentMillis, now: now)
        for (attempts, entries) in lanes[destination].byAttempts(flight.parcel.entries) {
            let wait = settings.retry.delayMillis(
                attempts: attempts, floorSeconds: answer?.retryAfterSeconds, using: &random)
            lanes[destination].keep(entries, consumesAttempt: true, dueMillis: now + wait)
        }
        lanes[destination].breaker.called(failed: true, now: now)
        if lanes[destination].gate.isProbing || lanes[destination].breaker.isTripped {
            let until = lanes[destination].breaker.open(now: now)
            shut(destination, .failing, untilMillis: until, message: answer.map(message) ?? "", now)
        }
    }

    // MARK: The gate

    private func shut(
        _ destination: DestinationIndex, _ cause: ShutCause, untilMillis: Int64, message: String, _ now: Int64
    ) {
        if case .shut = lanes[destination].gate.state, lanes[destination].gate.cause == cause { return }
        lanes[destination].gate.shut(cause, untilMillis: untilMillis)
        lanes[destination].release(dueMillis: cause == .rateLimited ? untilMillis : 0)
        actions.append(
            .report(.shut(destination: destination, cause: cause, untilMillis: untilMillis, message: message)))
    }

    /// The upstream took the call and looked at its events, whatever it thinks of them.
    private func reachedUpstream(_ destination: DestinationIndex, _ now: Int64) {
        lanes[destination].rateLimitedInARow = 0
        lanes[destination].breaker.called(failed: false, now: now)
        guard lanes[destination].gate.isProbing else { return }
        lanes[destination].gate.open()
        lanes[destination].breaker.probeSucceeded()
        actions.append(.report(.reopened(destination: destination, cause: lanes[destination].gate.cause)))
    }

    private func message(_ answer: UpstreamAnswer) -> String {
        PinterestResponse.message(of: answer.body, status: answer.status, parser: &parser, tape: &tape)
    }
}

extension DeliveryLane {
    /// The entries by the attempts that their blocks have behind them, so that each waits as long as it should.
    func byAttempts(_ entries: [BatchEntry]) -> [(attempts: Int, entries: [BatchEntry])] {
        Dictionary(grouping: entries) { blocks[$0.blockID]?.leased.attempts ?? 0 }
            .sorted { $0.key < $1.key }.map { (attempts: $0.key, entries: $0.value) }
    }
}
