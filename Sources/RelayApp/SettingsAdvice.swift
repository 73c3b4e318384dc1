import Privacy
public import Settings

extension RelaySettings {
    /// ``warnings``, and what only the tables of places can tell: one sentence each, without secrets.
    public var advice: [String] {
        let places = PlaceTables()
        let regions = sources.compactMap { source -> String? in
            guard let region = source.defaultRegion, places.country(coded: region) == nil else { return nil }
            return "source \(source.name): default_region \(region) is no country: phone numbers are read without one"
        }
        let states = privacy.ldpStates.filter { !places.isUSState(coded: $0) }
        return warnings + regions + states.map { "privacy.ldp.states: \($0) is no US state: it matches nobody" }
    }
}
