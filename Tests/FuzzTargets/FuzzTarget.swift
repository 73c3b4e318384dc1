// FuzzTargets: the places where the relay reads bytes from outside, each as a function that takes any bytes. A trap is
// a finding, and so is a broken promise of the module, which comes back as a `FuzzFinding`.
//
// It may use every module under test and knows nothing of who makes the bytes: libFuzzer (`Tests/RelayFuzz`, driven by
// `make fuzz`) or the seeded mutations of the test command (`Tests/FuzzTests`). The buffers of a target live from run to
// run, as they do in the relay, so that what one input leaves behind meets the next.

import RelayModel

/// A place that reads bytes from outside; the raw value names its seeds under `Tests/FuzzCorpus`.
public enum FuzzTarget: String, CaseIterable, Sendable {
    /// A query's pairs and escapes, and a GA4 hit: the first line is the query, the others are the body.
    case query
    /// One `prN` value, and fields that are written as one and read back.
    case item
    /// A JSON body: the parser, Segment's calls, the Measurement Protocol.
    case json
    /// A whole call, from its bytes to the upstream's own check: the first line is path and query.
    case chain
    /// An answer of the upstream: the first line is its status, the number of events and the wait that it asks for.
    case response
    /// Header lines: framing, cookies, credentials, addresses.
    case header
    /// A compressed body: the first line is its `Content-Encoding`.
    case inflate

    /// The target with buffers of its own; for one thread.
    public func makeRoom() -> any FuzzRoom {
        switch self {
        case .query: QueryFuzz()
        case .item: ItemFuzz()
        case .json: JSONFuzz()
        case .chain: ChainFuzz()
        case .response: ResponseFuzz()
        case .header: HeaderFuzz()
        case .inflate: InflateFuzz()
        }
    }
}

/// One target at work.
public protocol FuzzRoom: AnyObject {
    /// - Throws: the promise that this input breaks.
    func run(_ input: Span<UInt8>) throws(FuzzFinding)
}

/// A promise that an input breaks.
public struct FuzzFinding: Error, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}

func require(
    _ holds: @autoclosure () -> Bool, _ text: @autoclosure () -> String
) throws(FuzzFinding) {
    if !holds() { throw FuzzFinding(text()) }
}

extension Span<UInt8> {
    /// The bytes up to the first line feed, and those behind it.
    var lineAndRest: (line: Range<Int>, rest: Range<Int>) {
        var end = 0
        while end < count, self[end] != UInt8(ascii: "\n") { end += 1 }
        return (0..<end, Swift.min(end + 1, count)..<count)
    }

    func copied(_ range: Range<Int>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(copying: extracting(range))
        return bytes
    }
}
