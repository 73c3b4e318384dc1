/// What becomes of each item of a call whose sender asks for it (`segment-api.md` 4).
///
/// Some items end in the pipeline. The events of the others go to the journal, which alone knows repeats: so the list is
/// complete only with its answer. Invariant: the owners stand in the order of the yield's blocks and their events.
struct ItemResults: Sendable {
    /// By item: what became of its events that do not reach the journal; nil where there are none.
    private var ended: [ItemResult?] = []
    /// By block: which item each of its events comes from.
    private var owners: [[Int]] = []

    /// The next item's turn: what follows is about it.
    mutating func beginItem() { ended.append(nil) }

    /// An event of the item ends before the journal, or the item is none.
    mutating func end(_ result: ItemResult) {
        guard let item = ended.indices.last else { return }
        ended[item] = ended[item]?.joined(with: result) ?? result
    }

    /// An event of the item was put at the end of that block.
    mutating func append(toBlock block: Int) {
        while owners.count <= block { owners.append([]) }
        owners[block].append(ended.count - 1)
    }

    /// The result of each item, in their order.
    /// - Parameter repeats: the places of the journaled events that were repeats, counted over the blocks in order,
    ///   rising.
    func list(repeats: [Int] = []) -> [ItemResult] {
        var results = ended
        var next = repeats[...]
        for (place, item) in owners.joined().enumerated() {
            let isRepeat = next.first == place
            if isRepeat { next.removeFirst() }
            let result = isRepeat ? ItemResult.duplicate : .accepted(nil)
            results[item] = results[item]?.joined(with: result) ?? result
        }
        return results.map { $0 ?? .accepted(nil) }
    }
}
