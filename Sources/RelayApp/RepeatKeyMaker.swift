import Journal
import RelayModel
import Settings

/// Makes the keys by which the journal knows a repeat (`mapping.md` 9.13): the first eight bytes of a SHA-256 over a
/// word for the kind of key and the parts, each behind its length.
///
/// Eight bytes: with two million keys remembered, one new event in 10^13 is taken for a repeat. All inputs of a key are
/// the sender's own to choose, so who forges a collision repeats nothing but an event of his own.
struct RepeatKeyMaker {
    private enum Kind: UInt8 { case message = 1, event, content, account }

    private let sources: [[UInt8]]
    /// What makes the keys of one ad account differ from another's, by destination.
    private let accounts: [UInt64]
    private var input: [UInt8] = []

    init(_ settings: RelaySettings, hashing: inout some TextHashing) {
        sources = settings.sourceLabels.map { Array($0.utf8) }
        var accounts: [UInt64] = []
        for destination in settings.destinations {
            // What an account is sent to try it out is not what it has got.
            var input: [UInt8] = [Kind.account.rawValue, destination.testMode ? 1 : 0]
            input += destination.adAccountID.utf8
            accounts.append(hashing.sha256(input.span).words.0)
        }
        self.accounts = accounts
    }

    /// The keys of an event that is to be stored, without its destination: see ``keys(_:for:)``.
    /// - Parameters:
    ///   - cleared: what is sent of the event.
    ///   - place: which of the incoming event's results it is.
    mutating func keys(
        of event: SourceEvent, source: Int, on tape: borrowing EventTape, cleared: ConversionEvent, place: Int,
        hashing: inout some TextHashing
    ) -> RepeatKeys {
        var keys = RepeatKeys(followsConsentUpdate: event.followsConsentUpdate)
        keys.message = incoming(.message, event.messageID, source, tape, place, &hashing)
        keys.content = incoming(.content, event.hitContent, source, tape, place, &hashing)
        // The upstream does not deduplicate offline events.
        guard cleared.actionSource != .offline else { return keys }
        keys.event = outgoing(cleared, id: cleared.eventID, &hashing)
        let order = cleared.custom.orderID
        let isPurchase = event.kind.hasTransactionID && cleared.name == .standard(.checkout)
        if isPurchase, cleared[order] != cleared[cleared.eventID] {
            keys.order = outgoing(cleared, id: order, &hashing)
        }
        return keys
    }

    /// The keys for one of the event's destinations.
    func keys(_ keys: RepeatKeys, for destination: DestinationIndex) -> RepeatKeys {
        func joined(_ key: UInt64) -> UInt64 { key == 0 ? 0 : key ^ accounts[destination] }
        return RepeatKeys(
            message: joined(keys.message), event: joined(keys.event), order: joined(keys.order),
            content: joined(keys.content), followsConsentUpdate: keys.followsConsentUpdate)
    }

    private mutating func incoming(
        _ kind: Kind, _ text: TextRef, _ source: Int, _ tape: borrowing EventTape, _ place: Int,
        _ hashing: inout some TextHashing
    ) -> UInt64 {
        guard !text.isEmpty else { return 0 }
        begin(kind, UInt8(truncatingIfNeeded: place))
        add(sources[source])
        add(tape[text])
        return hashing.sha256(input.span).words.0
    }

    private mutating func outgoing(
        _ event: ConversionEvent, id: ClearText, _ hashing: inout some TextHashing
    ) -> UInt64 {
        guard !id.isEmpty else { return 0 }
        switch event.name {
        case .standard(let name): begin(.event, name.rawValue)
        case .advertiserDefined(let name):
            begin(.event, EventBlock.advertiserDefinedCode)
            add(event[name])
        }
        add(event[id])
        return hashing.sha256(input.span).words.0
    }

    private mutating func begin(_ kind: Kind, _ detail: UInt8) {
        input.removeAll(keepingCapacity: true)
        input.append(kind.rawValue)
        input.append(detail)
    }

    private mutating func add(_ part: some Collection<UInt8>) {
        for shift in stride(from: 0, to: 32, by: 8) { input.append(UInt8(truncatingIfNeeded: part.count >> shift)) }
        input.append(contentsOf: part)
    }
}

extension SourceKind {
    /// The order id of the event is a GA4 transaction id, by which GA4 itself knows a purchase. Other inputs have ids of
    /// their own for that.
    fileprivate var hasTransactionID: Bool { self == .ga4Hit || self == .measurementProtocol }
}
