import Settings

/// The loops besides the ingress threads, in the order of their indices, which follow those of the ingress threads.
enum OwnLoop: String, CaseIterable {
    case admin, delivery, journal
}

extension RelaySettings {
    /// As health and metrics name them.
    var loopNames: [String] {
        (0..<listen.threads).map { "ingress-\($0)" } + OwnLoop.allCases.map(\.rawValue)
    }

    func loopIndex(_ loop: OwnLoop) -> Int {
        listen.threads + (OwnLoop.allCases.firstIndex(of: loop) ?? 0)
    }
}
