public import RelayModel
import WireCodec

/// What Google's debug route would say to a Measurement Protocol body (`ga4-wire.md` 2): every broken rule, as a list.
///
/// Pure and bounded: it reads one tape, keeps nothing of it but names, and stops at a fixed number of findings. Secrets
/// and stream ids are not looked at, as Google does not either.
public struct MeasurementProtocolValidator {
    private(set) var messages: [ValidationMessage] = []
    let receivedAtMicros: Int64
    /// The body asks for recommendations as well (`validation_behavior`).
    var enforcesRecommendations = false

    /// - Parameters:
    ///   - query: the call's query; it tells an app's body from a web page's.
    ///   - tape: without values; it may hold the call's texts.
    /// - Returns: the findings in the body's order; empty when there is none.
    public static func validate(
        _ body: Span<UInt8>, query: TextRef, receivedAtMicros: Int64, parser: inout some JSONParsing,
        tape: inout EventTape
    ) -> [ValidationMessage] {
        var validator = MeasurementProtocolValidator(receivedAtMicros: receivedAtMicros)
        validator.run(body, query, &parser, &tape)
        return validator.messages
    }

    private init(receivedAtMicros: Int64) { self.receivedAtMicros = receivedAtMicros }

    private mutating func run(
        _ body: Span<UInt8>, _ query: TextRef, _ parser: inout some JSONParsing, _ tape: inout EventTape
    ) {
        if body.count >= MeasurementProtocolRules.byteCount {
            report(.valueOutOfBounds, "", "The body must be smaller than 130 kB.")
        }
        let root: TapeNode
        do throws(JSONFault) { root = try parser.parse(body, onto: &tape) } catch {
            return report(.valueInvalid, "", "Unable to parse Measurement Protocol JSON payload.")
        }
        guard tape.kind(root) == .object else {
            return report(.valueInvalid, "", "Unable to parse Measurement Protocol JSON payload: not an object.")
        }
        let isApp = !tape.queryValue(query, "firebase_app_id").isEmpty
        checkRoot(root, isApp: isApp, tape)
    }

    private mutating func checkRoot(_ root: TapeNode, isApp: Bool, _ tape: borrowing EventTape) {
        checkMembers(of: root, known: MeasurementProtocolRules.rootMembers, "", tape)
        checkBehaviour(tape.value(root, "validation_behavior"), tape)
        checkClient(root, isApp: isApp, tape)
        checkTime(tape.value(root, "timestamp_micros"), "timestamp_micros", tape)
        checkUserProperties(tape.value(root, "user_properties"), tape)
        checkUserData(tape.value(root, "user_data"), tape)
        checkConsent(tape.value(root, "consent"), tape)
        checkAddress(tape.value(root, "ip_override"), "ip_override", tape)
        checkEvents(tape.value(root, "events"), tape)
    }

    private mutating func checkBehaviour(_ node: TapeNode?, _ tape: borrowing EventTape) {
        guard let node else { return }
        let word = tape.string(node)
        enforcesRecommendations = tape.matches(word, "ENFORCE_RECOMMENDATIONS")
        guard !enforcesRecommendations, !tape.matches(word, "RELAXED") else { return }
        report(.valueInvalid, "validation_behavior", "It is RELAXED or ENFORCE_RECOMMENDATIONS.")
    }

    /// A repeated or unknown member of one of Google's own objects.
    mutating func checkMembers(
        of object: TapeNode, known: [StaticString], _ path: String, _ tape: borrowing EventTape
    ) {
        checkRepeats(in: object, path, tape)
        var cursor = tape.firstMember(object)
        while let member = cursor {
            let key = tape.key(member)
            if !known.contains(where: { tape.matches(key, $0) }) {
                let name = shown(key, tape)
                report(.valueInvalid, join(path, name), "Cannot find field: \(name).")
            }
            cursor = tape.nextMember(after: member, in: object)
        }
    }

    mutating func checkRepeats(in object: TapeNode, _ path: String, _ tape: borrowing EventTape) {
        var seen: Set<[UInt8]> = []
        var cursor = tape.firstMember(object)
        while let member = cursor {
            let key = tape.key(member)
            if !seen.insert(Array(tape[key])).inserted {
                let name = shown(key, tape)
                report(.nameDuplicated, join(path, name), "The name [\(name)] stands there twice.")
            }
            cursor = tape.nextMember(after: member, in: object)
        }
    }

    mutating func report(_ code: ValidationMessage.Code, _ path: String, _ description: String) {
        guard messages.count < MeasurementProtocolRules.messageCount else { return }
        messages.append(ValidationMessage(code, path, description))
    }

    /// A name as an answer shows it: bounded.
    func shown(_ name: TextRef, _ tape: borrowing EventTape) -> String {
        String(decoding: tape[name].prefix(60), as: UTF8.self)
    }

    func join(_ path: String, _ name: String) -> String { path.isEmpty ? name : path + "." + name }
}
