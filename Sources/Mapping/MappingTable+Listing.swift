public import MappingLanguage

// What is in force, for `pinrelay mappings`.
extension MappingTable {
    /// A preset as the configuration leaves it.
    public struct ListedPreset: Sendable {
        public enum State: String, Sendable { case on, off, replaced }

        public let preset: MappingPreset
        /// Replaced: an own mapping with its name stands in for it.
        public let state: State
        public let eventName: String
        /// What the configuration sets of its fields; nil when nothing.
        public let fields: MappingValue?
    }

    /// A field of the upstream with the paths that it is read from, best first.
    public struct ListedField: Sendable {
        public let name: String
        public let paths: [String]
    }

    public func presets(isSegment: Bool) -> [ListedPreset] {
        (isSegment ? segmentPresets : ga4Presets).entries.map { entry in
            ListedPreset(
                preset: entry.preset, state: entry.isReplaced ? .replaced : entry.isOn ? .on : .off,
                eventName: entry.name.text, fields: entry.fields?.source)
        }
    }

    public func fields(isSegment: Bool) -> [ListedField] {
        let paths = isSegment ? segmentPaths : ga4Paths
        var names: [String] = []
        var found: [String: [String]] = [:]
        for field in MappedField.allCases where !names.contains(field.name.description) {
            names.append(field.name.description)
        }
        let ranks = (0...3).map { rank in MappedField.allCases.filter { $0.sourceRank == rank } }
        for field in ranks.joined() {
            let name = field.name.description
            for position in paths.positions(of: field) {
                let path = Self.shown(paths.paths[paths.slot(at: position)], isSegment: isSegment)
                if !(found[name] ?? []).contains(path) { found[name, default: []].append(path) }
            }
        }
        return names.compactMap { name in found[name].map { ListedField(name: name, paths: $0) } }
    }

    /// The paths below a list's elements, with the list as an event holds it.
    private static func shown(_ path: String, isSegment: Bool) -> String {
        let lists = [
            "product[]": isSegment ? "properties.products[]" : "items[]",
            "address[]": isSegment ? "traits.address" : "user_data.address[]",
        ]
        for (scope, list) in lists where path.hasPrefix(scope) { return list + path.dropFirst(scope.count) }
        return path
    }
}

extension MappedField {
    /// In which turn the paths of a field are asked for its value; nil for those that only help to find or to judge one.
    fileprivate var sourceRank: Int? {
        switch self {
        case .adTracking, .anonymousID, .appInstance, .directCall, .foreignPhoneHash, .productMark, .referrer,
            .senderLibrary, .sentAt, .shipping, .tax, .addresses, .users, .userAddresses:
            nil
        case .userEM, .userPH, .userFN, .userLN, .userGE, .userDB, .userCT, .userST, .userZP, .userCountry,
            .userExternalID, .userMAIDs:
            0
        case .addressFN, .addressLN, .addressCT, .addressST, .addressZP, .addressCountry: 2
        case .fullName, .fnBesideAddress, .lnBesideAddress, .ctBesideAddress, .stBesideAddress, .zpBesideAddress,
            .countryBesideAddress:
            3
        default: 1
        }
    }
}
