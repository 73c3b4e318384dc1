import Intake
import RelayModel

// What the admin port shows of the last events.
extension EventPipeline {
    func note(_ event: SourceEvent, _ source: Int, _ outcome: SeenEvent.Outcome, _ tape: borrowing EventTape) {
        seen.note(
            SeenEvent(
                atMicros: event.call.receivedAtMicros, source: source, outcome: outcome,
                name: ShortText(tape[event.name])))
    }

    /// Notes an item of a call that is no event.
    func note(_ bad: BadItem, _ source: Int, _ tape: borrowing EventTape) {
        seen.note(
            SeenEvent(
                atMicros: WallClock.micros(), source: source, outcome: .dead(bad.reason),
                name: ShortText(tape[bad.name])))
    }

    /// Notes an event that has a shape of its own by now: the cleared one.
    func noteCleared(_ event: SourceEvent, _ source: Int, _ outcome: SeenEvent.Outcome, _ tape: borrowing EventTape) {
        seen.note(
            SeenEvent(
                atMicros: event.call.receivedAtMicros, source: source, outcome: outcome,
                name: ShortText(tape[event.name]), nameCode: cleared.nameCode,
                eventID: ShortText(cleared[cleared.eventID]), identifiers: cleared.user.identifiers))
    }
}
