import HTTPIngress
import RelayModel

/// Where browser hits arrive besides `[prefix]/g/collect` (`ga4-wire.md` 1.1, 1.3).
///
/// * Configured paths, whole.
/// * Without a configured prefix, `/g/collect` below any path: a tag keeps the path of its `server_container_url`.
/// * Below the prefix, any path with a query that is wrapped in Base64: loaders make these up.
/// * The container's own path, which ends in a slash, for a body that wraps a hit: `[prefix]/` or, as above, any below.
struct CollectPaths: Sendable {
    private let prefix: [UInt8]
    private let paths: [[UInt8]]

    init(prefix: [UInt8], paths: [String]) {
        self.prefix = prefix
        self.paths = paths.map { Array($0.utf8) }
    }

    /// Whether a request on a path that is no route is a browser hit.
    /// - Parameter holdsHit: whether the request's body, inflated, begins as ``isWrapped(body:)`` says; asked last.
    func take<Request: IncomingRequest & ~Copyable>(
        _ request: borrowing Request, holdsHit: (borrowing Request) -> Bool
    ) -> Bool {
        if request.withPath({ takes(path: $0) }) { return true }
        guard request.withPath({ isBelowPrefix($0) }) else { return false }
        if request.withQuery({ isWrapped($0) }) { return true }
        return request.method == .post && request.withPath({ $0[$0.count - 1] == UInt8(ascii: "/") })
            && holdsHit(request)
    }

    /// The body is a hit whole: path and query in its first line.
    static func isWrapped(body: Span<UInt8>) -> Bool { body.starts(with: "/g/collect?") }

    func takes(path: Span<UInt8>) -> Bool {
        if prefix.isEmpty, path.ends(with: "/g/collect") { return true }
        return paths.contains { path.count == $0.count && path.starts(with: $0) }
    }

    private func isBelowPrefix(_ path: Span<UInt8>) -> Bool {
        path.count > prefix.count && path.starts(with: prefix) && path[prefix.count] == UInt8(ascii: "/")
    }

    /// A single parameter whose value is Base64 of `/g/collect?`, as far as that is settled by these bytes alone.
    func isWrapped(_ query: Span<UInt8>) -> Bool {
        for index in query.indices {
            if query[index] == UInt8(ascii: "&") { return false }
            guard query[index] == UInt8(ascii: "=") else { continue }
            return query.extracting(droppingFirst: index + 1).starts(with: "L2cvY29sbGVjdD")
        }
        return false
    }
}

extension Span<UInt8> {
    fileprivate func starts(with prefix: StaticString) -> Bool {
        count >= prefix.utf8CodeUnitCount && extracting(first: prefix.utf8CodeUnitCount).matches(prefix)
    }

    fileprivate func ends(with suffix: StaticString) -> Bool {
        count >= suffix.utf8CodeUnitCount && extracting(last: suffix.utf8CodeUnitCount).matches(suffix)
    }

    fileprivate func starts(with prefix: [UInt8]) -> Bool {
        guard count >= prefix.count else { return false }
        for index in prefix.indices where self[index] != prefix[index] { return false }
        return true
    }
}
