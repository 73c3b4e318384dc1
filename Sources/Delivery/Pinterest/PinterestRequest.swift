// The request: `POST /v5/ad_accounts/{ad_account_id}/events` with `{"data":[...]}` (`pinterest-api.md` 1).
enum PinterestRequest {
    static func call(id: BatchID, to destination: DestinationSettings, body: [UInt8]) -> UpstreamCall {
        UpstreamCall(id: id, url: url(of: destination), headers: headers(of: destination), body: body)
    }

    static func url(of destination: DestinationSettings) -> String {
        destination.urlBase + "/v5/ad_accounts/" + destination.adAccountID + "/events"
            + (destination.testMode ? "?test=true" : "")
    }

    static func headers(of destination: DestinationSettings) -> [UpstreamHeader] {
        [
            UpstreamHeader(name: "Authorization", value: destination.authorization.headerValue),
            UpstreamHeader(name: "Content-Type", value: "application/json"),
            UpstreamHeader(name: "Accept", value: "application/json"),
        ]
    }

    /// The body of a call with these encoded events.
    static func body(_ events: some Sequence<ArraySlice<UInt8>>) -> [UInt8] {
        let head = Array("{\"data\":[".utf8)
        let events = Array(events)
        var body: [UInt8] = []
        body.reserveCapacity(head.count + 2 + events.reduce(0) { $0 + $1.count + 1 })
        body.append(contentsOf: head)
        for (index, event) in events.enumerated() {
            if index > 0 { body.append(UInt8(ascii: ",")) }
            body.append(contentsOf: event)
        }
        body.append(UInt8(ascii: "]"))
        body.append(UInt8(ascii: "}"))
        return body
    }
}
