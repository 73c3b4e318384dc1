import MappingLanguage
import RelayModel

// What a mapping of the configuration sets (`mapping.md` 2). Its values pass the same readers as all others, and what
// stands behind them (normalising, hashing, the schema) does not know where a value came from.
extension EventMapper {
    /// The value that a mapping sets; nil without one, and with a warning for one that cannot be used.
    mutating func overridden<Value>(
        _ field: MappedField, _ read: (inout EventTape, TapeNode) -> Value?
    ) -> Value? {
        guard isSet(field), let node = overrides.value(of: field), !isBlank(node) else { return nil }
        if trace != nil { traceReading(field, setTo: node) }
        guard let value = read(&tape, node) else {
            warn(field, .unusable)
            return nil
        }
        if trace != nil { traceOverride(field, node) }
        return value
    }

    /// Runs the products' own fields on one product.
    mutating func resolveItem(_ product: TapeNode) {
        guard fault == nil else { return }
        do throws(MappingRunFault) { try overrides.resolveItem(product, on: &tape) } catch { fault = error }
    }

    /// The fields that nothing is derived from: they are put in the place of what the ordinary sources gave.
    mutating func mapOverrides() {
        mapped.person.em = replacing(mapped.person.em, .em, .email)
        mapped.person.ph = replacing(mapped.person.ph, .ph, .none)
        mapped.person.ge = replacing(mapped.person.ge, .ge, .none)
        mapped.person.db = replacing(mapped.person.db, .db, .none)
        mapped.person.fn = replacing(mapped.person.fn, .fn, .identity)
        mapped.person.ln = replacing(mapped.person.ln, .ln, .identity)
        mapped.person.ct = replacing(mapped.person.ct, .ct, .identity)
        mapped.person.st = replacing(mapped.person.st, .st, .identity)
        mapped.person.zp = replacing(mapped.person.zp, .zp, .identity)
        mapped.person.country = replacing(mapped.person.country, .country, .identity)
        mapped.person.externalID = replacing(mapped.person.externalID, .externalID, .identity)
        // Where the device's owner wants no tracking, a mapping does not bring the id back.
        if !isTrackingOff { mapped.person.maids = replacing(mapped.person.maids, .maids, .advertisingID) }
        mapped.partnerID = overridden(.partnerID, readText) ?? .none
        mapped.custom.namedPartner = overridden(.namedPartner, readText) ?? .none
        mapped.custom.measurementID = overridden(.measurementID, readText) ?? .none
        mapped.custom.measurementVendorID = overridden(.measurementVendorID, readCount)
        if overrides.holdsStranger { mapped.warnings.append(EventWarning("fields", .unknownKey)) }
    }

    /// - Returns: the values that a mapping sets, or `values` where it sets none.
    private mutating func replacing(
        _ values: PersonalValues, _ field: MappedField, _ check: PersonalCheck
    ) -> PersonalValues {
        guard isSet(field) else { return values }
        let name = field.name.description
        mapped.warnings.removeAll { $0.field == name }
        trace?.forget(name)
        var set = PersonalValues()
        guard let node = overrides.value(of: field) else { return set }
        if trace != nil { traceReading(field, setTo: node) }
        collect(node, field, check, into: &set)
        if trace != nil, !set.isEmpty { traceOverride(field, node) }
        return set
    }
}
