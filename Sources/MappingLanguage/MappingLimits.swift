/// What one resolution may cost, so that no event can make a mapping grow without bound.
public struct MappingLimits: Sendable, Hashable {
    /// Bytes of text that it may add to the tape.
    public var textByteCount = 1 << 20
    /// Words of eight bytes that its result may take on the tape.
    public var wordCount = 1 << 20
    /// Values that it may make or look through.
    public var valueCount = 200_000
    /// How deep JSON inside a text may nest; a deeper text stays a text.
    public var decodedDepth = 32

    /// How deep a mapping may nest, directives and their arguments included.
    static let mappingDepth = 100
    /// How deep directives and values may nest while they are looked through: above what mapping, event and decoded
    /// text nest together, and far below what a thread's stack holds.
    static let runDepth = 400

    public init() {}
}

extension MappingValue {
    /// A mapping that nests so deep that walking it could overflow a stack.
    var depthFault: MappingFault? {
        guard isDeeper(than: MappingLimits.mappingDepth) else { return nil }
        return MappingFault(path: [], message: "should nest at most \(MappingLimits.mappingDepth) levels deep")
    }

    private func isDeeper(than depth: Int) -> Bool {
        switch self {
        case .list(let elements): depth == 0 || elements.contains { $0.isDeeper(than: depth - 1) }
        case .object(let members): depth == 0 || members.contains { $0.value.isDeeper(than: depth - 1) }
        default: false
        }
    }
}
