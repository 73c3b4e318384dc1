public import RelayModel

/// A mapping in Segment's mapping kit (`mapping-language.md` Part 1), validated and compiled.
///
/// It answers as the original does, traps included, with these exceptions: `@liquid` is refused, names that every
/// JavaScript object inherits (`constructor`) are absent, and what grows beyond ``MappingLimits`` is a fault.
public struct CompiledMapping: Sendable {
    /// Every fault of a mapping. What is not wrong by form but fails on every event counts as well.
    public struct Faults: Error, Sendable, Hashable {
        public let all: [MappingFault]

        public init(all: [MappingFault]) { self.all = all }
    }

    /// The keys that the result can have, in order; nil when the root is a directive, whose result may be anything.
    public let rootKeys: [String]?
    /// The paths of the event that it reads, in order of appearance, as `properties.products[].sku`; `$.` is the event.
    public let paths: [String]
    private let pathsByKey: [String: [String]]
    private let root: MappingNode
    private let limits: MappingLimits

    /// - Parameter value: an object; its root may be a directive.
    public init(_ value: MappingValue, limits: MappingLimits = MappingLimits()) throws(Faults) {
        let value = try Self.checked(value)
        var compiler = MappingCompiler()
        let root = compiler.compile(value, at: [], isCertain: true)
        guard compiler.faults.isEmpty else { throw Faults(all: compiler.faults) }
        let keys = value.isDirective ? nil : value.plainMembers
        var pathsByKey: [String: [String]] = [:]
        if case .object(let members) = root, keys != nil {
            for member in members {
                pathsByKey[String(decoding: member.key, as: UTF8.self)] = EventPathList.paths(of: member.value)
            }
        }
        rootKeys = keys?.map(\.key)
        paths = EventPathList.paths(of: root)
        self.pathsByKey = pathsByKey
        self.root = root
        self.limits = limits
    }

    /// The paths of the event that one key of the result is made of; none for keys that are not in ``rootKeys``.
    public func paths(ofKey key: String) -> [String] { pathsByKey[key] ?? [] }

    /// Resolves the mapping on an event.
    ///
    /// No container of the tape may be open. Keys without a value are left out at all depths; a list keeps the place of
    /// an element without one as null.
    /// - Returns: the result, on the same tape; nil is JavaScript's `undefined`.
    public func resolve(_ event: TapeNode, on tape: inout EventTape) throws(MappingRunFault) -> TapeNode? {
        var run = MappingRun(limits, tape)
        let scope = Resolved.node(event)
        let kind = run.kind(scope, tape)
        guard kind == .object else {
            throw MappingRunFault(message: "the event must be an object, got \(kind.rawValue)")
        }
        let result = try run.resolve(root, scope, &tape)
        return try run.write(result, &tape)
    }

    /// The root with Segment's root directive put in place, when nothing is wrong with it by form.
    private static func checked(_ value: MappingValue) throws(Faults) -> MappingValue {
        if let fault = value.depthFault { throw Faults(all: [fault]) }
        guard case .object = value else {
            let message = "should be an object but it is \(value.shape.withArticle)"
            throw Faults(all: [MappingFault(path: [], message: message)])
        }
        let root: MappingValue
        do throws(MappingFault) { root = try value.withRootDirective() } catch { throw Faults(all: [error]) }
        var validator = MappingValidator()
        validator.validate(root, at: [])
        guard validator.faults.isEmpty else {
            throw Faults(all: validator.faults + certainFaults(of: root, besides: validator.faults))
        }
        return root
    }

    /// What fails on every event in places where nothing is wrong by form.
    private static func certainFaults(of root: MappingValue, besides known: [MappingFault]) -> [MappingFault] {
        var compiler = MappingCompiler()
        _ = compiler.compile(root, at: [], isCertain: true)
        return compiler.faults.filter { fault in
            !known.contains { $0.path.starts(with: fault.path) || fault.path.starts(with: $0.path) }
        }
    }
}

/// What can go wrong with a mapping on one event.
public struct MappingRunFault: Error, Sendable, Hashable {
    /// For people. It names places of the mapping and kinds of values, never a value of the event.
    public let message: String

    public init(message: String) { self.message = message }
}
