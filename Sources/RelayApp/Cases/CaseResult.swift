import WireCodec

/// How a case ended.
public struct CaseResult: Sendable {
    public enum Verdict: String, Sendable {
        case passed, failed
        /// Its input cannot be read, or it names what does not exist.
        case unreadable
    }

    public var file: String
    public var line: Int
    public var name: String
    public var differences: [CaseDifference] = []
    /// Why the case could not be run.
    public var fault: String?

    public var verdict: Verdict {
        if fault != nil { return .unreadable }
        return differences.isEmpty ? .passed : .failed
    }
}

/// One difference between what is expected and what came.
public struct CaseDifference: Sendable, Equatable {
    /// What it is about: `event 1 (checkout)`.
    public var place: String
    /// As `user_data.em[0]`; empty where it is about the whole.
    public var field: String
    /// Nil: nothing was expected there.
    public var expected: String?
    /// Nil: nothing came.
    public var actual: String?
}

/// All cases of a run.
public struct CaseReport: Sendable {
    public var results: [CaseResult] = []

    public init() {}

    public func count(_ verdict: CaseResult.Verdict) -> Int { results.count { $0.verdict == verdict } }

    /// The stable shape of `pinrelay test --json`.
    public var json: [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.list("cases", results) { result, json in
            json.beginObject()
            json.member("file", result.file)
            json.member("line", result.line)
            json.member("name", result.name)
            json.member("verdict", result.verdict.rawValue)
            json.member("fault", result.fault)
            if !result.differences.isEmpty {
                json.list("differences", result.differences) { difference, json in
                    json.beginObject()
                    json.member("place", difference.place)
                    json.member("field", difference.field)
                    json.member("expected", difference.expected)
                    json.member("actual", difference.actual)
                    json.endObject()
                }
            }
            json.endObject()
        }
        json.key("summary")
        json.beginObject()
        json.member("passed", count(.passed))
        json.member("failed", count(.failed))
        json.member("unreadable", count(.unreadable))
        json.endObject()
        json.endObject()
        return json.take()
    }
}
