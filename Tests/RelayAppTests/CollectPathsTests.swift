import Testing

@testable import RelayApp

@Suite("CollectPaths")
struct CollectPathsTests {
    private func takes(_ path: String, prefix: String = "", paths: [String] = []) -> Bool {
        CollectPaths(prefix: Array(prefix.utf8), paths: paths).takes(path: Array(path.utf8).span)
    }

    @Test("without a prefix, /g/collect is taken below any path")
    func anyPath() {
        #expect(takes("/metrics/g/collect"))
        #expect(takes("/a/b/g/collect"))
        #expect(!takes("/metrics/g/collect/"))
        #expect(!takes("/metrics/xg/collect"))
        #expect(!takes("/collect"))
    }

    @Test("with a prefix, only below that")
    func prefix() {
        #expect(!takes("/metrics/g/collect", prefix: "/tags"))
        #expect(!takes("/g/collect", prefix: "/tags"))
    }

    @Test("configured paths are taken whole")
    func configured() {
        #expect(takes("/collect", prefix: "/tags", paths: ["/x", "/collect"]))
        #expect(!takes("/collect/", paths: ["/collect"]))
        #expect(!takes("/tags/collect", prefix: "/tags", paths: ["/collect"]))
    }

    @Test(
        "a wrapped query is one parameter whose value begins like /g/collect? in Base64",
        arguments: [
            ("e44f=L2cvY29sbGVjdD92PTI", true), ("=L2cvY29sbGVjdD92PTI", true), ("e44f=L2cvY29sbGVjdD", true),
            ("a=1&e44f=L2cvY29sbGVjdD92PTI", false), ("L2cvY29sbGVjdD92PTI", false), ("e44f=L2cvY29sbGVjd", false),
            ("", false), ("v=2&tid=G-1", false),
        ])
    func wrapped(_ query: String, _ expected: Bool) {
        #expect(CollectPaths(prefix: [], paths: []).isWrapped(Array(query.utf8).span) == expected)
    }
}
