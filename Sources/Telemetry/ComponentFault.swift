/// The last thing that went wrong with a component: a code and when, never a text from outside.
public struct ComponentFault: Sendable, Equatable {
    public let code: String
    /// Milliseconds of the clock that ``HealthState`` is told.
    let atMillis: Int64

    init(code: String, atMillis: Int64) {
        self.code = code
        self.atMillis = atMillis
    }

    /// - Parameter nowMillis: of the same clock.
    func json(nowMillis: Int64) -> String {
        "{\"code\":\(JSONText.quoted(code)),\"seconds_ago\":\(max(0, nowMillis - atMillis) / 1000)}"
    }
}
