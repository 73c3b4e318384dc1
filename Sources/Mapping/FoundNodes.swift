import RelayModel

/// The values that were found in an event, by the slots of a ``PathTable``; as many as its `maximumSlotCount`.
struct FoundNodes {
    private var places: [192 of TapePlace] = .init(repeating: .empty)

    @inline(__always)
    subscript(slot: Int) -> TapeNode? {
        get { places[slot].node }
        set { places[slot] = TapePlace(newValue) }
    }
}
