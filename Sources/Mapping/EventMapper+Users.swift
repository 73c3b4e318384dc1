import RelayModel

// Persons under `user_data` on an event: a list, as on an order for several, and on a Segment event also one. All values
// of each field count, in order. They are named in the upstream's way, and so beat what stands elsewhere. The one person
// under `user_data` of a GA4 event is read with the event's other fields.
extension EventMapper {
    mutating func mapUsers() {
        guard present.contains(.users), let scope = paths.userScope else { return }
        for position in paths.positions(of: .users) {
            let slot = paths.slot(at: position)
            guard let node = found[slot], let value = tape.unwrapped(node),
                event.kind.isSegment || tape.kind(value) == .array
            else { continue }
            var users = PersonalData()
            enter(slot, value)
            if tape.kind(value) == .object { add(user: value, in: scope, to: &users) }
            var cursor = tape.firstElement(value)
            while let element = cursor {
                add(user: element, in: scope, to: &users)
                cursor = tape.nextElement(after: element, in: value)
            }
            leave()
            mapped.person.takeOver(users)
        }
    }

    private mutating func add(user: TapeNode, in scope: Int, to users: inout PersonalData) {
        nextElement()
        findMembers(ofElement: user, in: scope)
        users.em.append(contentsOf: values(.userEM, .email))
        users.ph.append(contentsOf: values(.userPH, .none))
        if hasValue(.userForeignPhoneHash) { warn(.userForeignPhoneHash, .foreignPhoneHash) }
        users.fn.append(contentsOf: values(.userFN, .identity))
        users.ln.append(contentsOf: values(.userLN, .identity))
        users.ge.append(contentsOf: values(.userGE, .none))
        users.db.append(contentsOf: values(.userDB, .none))
        users.ct.append(contentsOf: values(.userCT, .identity))
        users.st.append(contentsOf: values(.userST, .identity))
        users.zp.append(contentsOf: values(.userZP, .identity))
        users.country.append(contentsOf: values(.userCountry, .identity))
        users.externalID.append(contentsOf: values(.userExternalID, .identity))
        if !isTrackingOff { users.maids.append(contentsOf: values(.userMAIDs, .advertisingID)) }
        for position in paths.positions(of: .userAddresses) {
            let slot = paths.slot(at: position)
            guard let node = found[slot] else { continue }
            enter(slot, node)
            readAddresses(in: node).append(to: &users)
            leave()
        }
    }
}

extension PersonalData {
    /// Replaces each field that `users` has values of.
    fileprivate mutating func takeOver(_ users: PersonalData) {
        if !users.em.isEmpty { em = users.em }
        if !users.ph.isEmpty { ph = users.ph }
        if !users.fn.isEmpty { fn = users.fn }
        if !users.ln.isEmpty { ln = users.ln }
        if !users.ge.isEmpty { ge = users.ge }
        if !users.db.isEmpty { db = users.db }
        if !users.ct.isEmpty { ct = users.ct }
        if !users.st.isEmpty { st = users.st }
        if !users.zp.isEmpty { zp = users.zp }
        if !users.country.isEmpty { country = users.country }
        if !users.externalID.isEmpty { externalID = users.externalID }
        if !users.maids.isEmpty { maids = users.maids }
    }
}
