import HTTPIngress

/// The answers of the health routes on the public port that are no health reports.
enum HealthReplies {
    private static let allow = ReplyHeader("Allow", "GET, HEAD")
    private static let noStore = ReplyHeader("Cache-Control", "no-store")

    /// To `OPTIONS`.
    static let options = Reply(.noContent, headers: [allow])

    static let methodNotAllowed = Reply(
        .methodNotAllowed, contentType: "application/json", headers: [allow],
        body: .fixed(#"{"code":"method_not_allowed","message":"Use GET or HEAD."}"#))

    /// What sGTM answers on `/healthy`.
    static func tagHealth(isReady: Bool) -> Reply {
        Reply(
            isReady ? .ok : .serviceUnavailable, contentType: "text/plain", headers: [noStore],
            body: isReady ? .fixed("ok") : .fixed("not ready"))
    }
}
