/// libpsl has no list at all: neither its own nor a file of the system. Trying again does not help.
public struct PublicSuffixError: Error, Hashable, Sendable, CustomStringConvertible {
    public var isRetriable: Bool { false }
    public var description: String { "the Public Suffix List cannot be loaded: install Debian's publicsuffix" }
}
