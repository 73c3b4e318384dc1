import JSONTape
import PinterestSandbox
import RelayModel

/// Holds an encoded event against the upstream's contract, as the sandbox reads it: it shares no check with the relay.
final class UpstreamCheck {
    private var contract = SandboxContract(SandboxSettings(token: "t"))
    private var parser = JSONTapeParser()
    private var tape = EventTape()
    private let call = SandboxCall(
        method: "POST", path: "/v5/ad_accounts/1/events", authorization: "Bearer t", contentType: "application/json")

    /// An event that the relay would send: every key and type is known, every person value is a hash, the URL holds no
    /// address, nothing is empty. Its time alone may be one that the upstream does not take.
    func accepts(_ event: [UInt8]) throws(FuzzFinding) {
        let root = try canRead(event)
        try isFull(root)
        let body = Array(#"{"data":["#.utf8) + event + Array("]}".utf8)
        let verdict = contract.judge(call, body: body.span, now: receivedAtMicros / 1_000_000)
        if verdict.status != 200 {
            let answer = String(decoding: verdict.body, as: UTF8.self)
            try require(
                verdict.status == 422 && answer.contains("Invalid event_timestamp"),
                "refused as \(verdict.status): \(answer)")
        }
        if let user = tape.value(root, "user_data") { try holdsHashes(user) }
        if let url = tape.value(root, "event_source_url") {
            let text = plainlyDecoded(tape[tape.string(url)], plusIsSpace: false)
            try require(!text.contains(UInt8(ascii: "@")), "event_source_url holds an at sign")
        }
    }

    /// Every list of a person is one of SHA-256 digests.
    private func holdsHashes(_ user: TapeNode) throws(FuzzFinding) {
        var member = tape.firstMember(user)
        while let list = member {
            var cursor = tape.firstElement(list.value)
            while let element = cursor {
                let text = tape[tape.string(element)]
                let isHash = text.count == 64 && text.allSatisfy { (0x30...0x39) ~= $0 || (0x61...0x66) ~= $0 }
                try require(isHash, "\(tape.copyString(tape.key(list))) holds something else than a hash")
                cursor = tape.nextElement(after: element, in: list.value)
            }
            member = tape.nextMember(after: list, in: user)
        }
    }

    /// JSON proper. An event that fails the relay's own check is kept as a dead letter, and has to be that much.
    @discardableResult
    func canRead(_ event: [UInt8]) throws(FuzzFinding) -> TapeNode {
        tape.reset()
        try require(TapeCheck.isUTF8(event.span), "an encoded event is not UTF-8")
        guard let root = try? parser.parse(event.span, onto: &tape), tape.kind(root) == .object else {
            throw FuzzFinding("an encoded event is not a JSON object")
        }
        return root
    }

    /// The upstream's clients leave out what is empty; so does the relay, at any depth.
    private func isFull(_ node: TapeNode) throws(FuzzFinding) {
        switch tape.kind(node) {
        case .null: throw FuzzFinding("an encoded event holds null")
        case .string: try require(!tape.string(node).isEmpty, "an encoded event holds an empty text")
        case .object:
            var cursor = tape.firstMember(node)
            try require(cursor != nil, "an encoded event holds an empty object")
            while let member = cursor {
                try isFull(member.value)
                cursor = tape.nextMember(after: member, in: node)
            }
        case .array:
            var cursor = tape.firstElement(node)
            try require(cursor != nil, "an encoded event holds an empty array")
            while let element = cursor {
                try isFull(element)
                cursor = tape.nextElement(after: element, in: node)
            }
        case .number, .bool: break
        }
    }
}
