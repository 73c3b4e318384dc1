// The sandbox's own routes, for tests and people: what arrived, and what is to go wrong.
extension SandboxService {
    func administer(_ call: SandboxCall, body: Span<UInt8>) -> SandboxAnswer {
        switch (call.method, call.path) {
        case ("GET", "/sandbox/summary"): return .json(SandboxJSON.summary(summary))
        case ("GET", "/sandbox/events"): return .json(SandboxJSON.events(events(limit: call.number("limit") ?? 100)))
        case ("GET", "/sandbox/ids"): return ids(call)
        case ("POST", "/sandbox/faults"): return changeFaults(body)
        case ("POST", "/sandbox/reset"):
            reset()
            return .json(Array("{}".utf8))
        default: return .json(SandboxJSON.error(code: 404, "no such route"), status: 404)
        }
    }

    private func changeFaults(_ body: Span<UInt8>) -> SandboxAnswer {
        do throws(SchemaFault) {
            setFaults(try SandboxFaults(json: body))
            return .json(Array("{}".utf8))
        } catch {
            return .json(SandboxJSON.error(code: 400, error.message), status: 400)
        }
    }

    private func ids(_ call: SandboxCall) -> SandboxAnswer {
        let found = arrivals(atLeast: call.number("min_count") ?? 1, limit: call.number("limit") ?? .max)
        var answer = SandboxAnswer.json(SandboxJSON.arrivals(found))
        answer.headers = [SandboxHeader("Content-Type", "application/x-ndjson")]
        return answer
    }
}

extension SandboxAnswer {
    fileprivate static func json(_ body: [UInt8], status: Int = 200) -> SandboxAnswer {
        SandboxAnswer(status: status, headers: [SandboxHeader("Content-Type", "application/json")], body: body)
    }
}

extension SandboxCall {
    /// A number in the query; nil when there is none.
    fileprivate func number(_ name: String) -> Int? {
        for pair in query.split(separator: "&") where pair.hasPrefix(name + "=") {
            return Int(pair.dropFirst(name.count + 1)).map { max(0, $0) }
        }
        return nil
    }
}

extension SandboxJSON {
    fileprivate static func summary(_ summary: SandboxSummary) -> [UInt8] {
        var json = Array("{".utf8)
        let counts = [
            ("requests", summary.requests), ("events", summary.events), ("unique_ids", summary.uniqueIDs),
            ("duplicates", summary.duplicates), ("failed_events", summary.failedEvents),
            ("test_events", summary.testEvents), ("untracked_events", summary.untrackedEvents),
        ]
        for (name, count) in counts { json.append(contentsOf: "\"\(name)\":\(count),".utf8) }
        json.append(contentsOf: "\"requests_by_status\":".utf8)
        write(summary.requestsByStatus.map { ("\($0.key)", $0.value) }, to: &json)
        json.append(contentsOf: ",\"by_event_name\":".utf8)
        write(summary.eventsByName.map { ($0.key, $0.value) }, to: &json)
        json.append(UInt8(ascii: "}"))
        return json
    }

    fileprivate static func events(_ events: [[UInt8]]) -> [UInt8] {
        Array("{\"events\":[".utf8) + events.joined(separator: Array(",".utf8)) + Array("]}".utf8)
    }

    /// One object a line.
    fileprivate static func arrivals(_ arrivals: [SandboxArrival]) -> [UInt8] {
        var json: [UInt8] = []
        for arrival in arrivals {
            json.append(contentsOf: "{\"event_id\":".utf8)
            write(arrival.eventID, to: &json)
            json.append(contentsOf: ",\"event_name\":".utf8)
            write(arrival.eventName, to: &json)
            json.append(contentsOf: ",\"count\":\(arrival.count),\"first_ms\":\(arrival.firstMillis)}\n".utf8)
        }
        return json
    }

    private static func write(_ counts: [(name: String, count: Int)], to json: inout [UInt8]) {
        json.append(UInt8(ascii: "{"))
        for (index, entry) in counts.sorted(by: { $0.name < $1.name }).enumerated() {
            if index > 0 { json.append(UInt8(ascii: ",")) }
            write(entry.name, to: &json)
            json.append(contentsOf: ":\(entry.count)".utf8)
        }
        json.append(UInt8(ascii: "}"))
    }
}
