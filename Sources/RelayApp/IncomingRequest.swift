import HTTPIngress

/// A request as the intake reads one: evhttp's on the event path, a pasted one for `explain` and `test`.
protocol IncomingRequest: ~Copyable {
    var method: RequestMethod { get }
    var bodyByteCount: Int { get }

    /// The path as sent, without query.
    func withPath<Result: ~Copyable, Failure>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result

    /// What follows the `?`, as sent; empty where there is none.
    func withQuery<Result: ~Copyable, Failure>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result

    /// The first header of this name, compared without case; nil if there is none.
    func withHeader<Result: ~Copyable, Failure>(
        _ name: StaticString, _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result?

    func headerCount(_ name: StaticString) -> Int

    /// All headers, in order, duplicates included: name and value.
    func forEachHeader(_ body: (Span<UInt8>, Span<UInt8>) -> Void)

    func withBody<Result: ~Copyable, Failure>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result

    /// The peer's numeric address.
    func withRemoteAddress<Result: ~Copyable, Failure>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result
}

extension RequestView: IncomingRequest {}
