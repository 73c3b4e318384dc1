import RelayModel

/// What became of one event of a call, for the sender that asks (`segment-api.md` 4).
enum ItemResult: Equatable, Sendable {
    /// Taken. With a reason: it is counted, and nothing of it is sent.
    case accepted(NotSentReason?)
    /// It became a dead letter.
    case rejected(DeadReason)
    /// A repeat of an event that was taken before: it is not sent again.
    case duplicate

    /// The `status` of the answer.
    var status: StaticString {
        switch self {
        case .accepted: "accepted"
        case .rejected: "rejected"
        case .duplicate: "duplicate"
        }
    }

    /// The `reason` of the answer: a label of the closed lists.
    var reason: String? {
        switch self {
        case .accepted(let reason): reason?.rawValue
        case .rejected(let reason): reason.rawValue
        case .duplicate: nil
        }
    }

    /// One incoming event may give several upstream ones: it is accepted when one of them is stored, else rejected when
    /// one of them is a dead letter, else a duplicate when one of them is.
    func joined(with other: ItemResult) -> ItemResult { rank >= other.rank ? self : other }

    private var rank: Int {
        switch self {
        case .accepted(.none): 3
        case .rejected: 2
        case .duplicate: 1
        case .accepted: 0
        }
    }
}
