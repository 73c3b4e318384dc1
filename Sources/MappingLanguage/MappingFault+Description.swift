extension MappingFault: CustomStringConvertible {
    /// Path and message in the original's form: `/value/@path should be ...`.
    public var description: String { "/" + path.joined(separator: "/") + " " + message + "." }
}
