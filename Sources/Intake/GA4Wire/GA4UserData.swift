import RelayModel

/// `user_data` of a hit: the dotted paths of `ep.user_data.*`, and what the wire's `em` adds (`ga4-wire.md` 1.8).
///
/// A path part of digits only is a place in an array. Where a name stands both as a value and as a container, the
/// container counts. Where every path begins with a place (`0.email`, `1.email`), `user_data` is a list of persons. The
/// tag's own remarks (`_tag_mode`, `_tag_metadata`) are no user data.
struct GA4UserData {
    struct Entry {
        /// What is left of the path: `address.0.city`, then `0.city`, then `city`.
        var path: TextRef
        let value: TextRef
    }

    private(set) var entries: [Entry] = []
    private let limits: GA4WireLimits

    init(_ parameters: [GA4Parameter], on tape: inout EventTape, limits: GA4WireLimits) {
        self.limits = limits
        for parameter in parameters where !parameter.value.isEmpty {
            guard case .userData(let path) = parameter.place else { continue }
            guard let first = tape[path].first, first != UInt8(ascii: "_") else { continue }
            add(Entry(path: path, value: parameter.value))
        }
        // Which of several persons the wire's `em` is about is not said.
        if !isList(entries, tape) { addHashed(parameters, &tape) }
    }

    private func isList(_ entries: [Entry], _ tape: borrowing EventTape) -> Bool {
        !entries.isEmpty && entries.allSatisfy { arrayPlace($0.path, tape) != nil }
    }

    private mutating func add(_ entry: Entry) {
        guard entries.count < limits.userDataCount, entry.path.count <= limits.userDataPathByteCount else { return }
        entries.append(entry)
    }

    private mutating func addHashed(_ parameters: [GA4Parameter], _ tape: inout EventTape) {
        let plain = entries
        for parameter in parameters where !parameter.value.isEmpty {
            guard case .hashedUserData = parameter.place else { continue }
            for entry in GA4HashedUserData(parameter.value, on: &tape).entries {
                // What the page gave plainly says the same and more.
                let isKnown = plain.contains { tape[head($0.path, tape)] == tape[head(entry.path, tape)] }
                if !isKnown { add(entry) }
            }
        }
    }

    var isEmpty: Bool { entries.isEmpty }

    func write(onto tape: inout EventTape) {
        guard !isEmpty else { return }
        tape.key("user_data")
        if isList(entries, tape) {
            writeElements(entries, depth: 1, &tape)
        } else {
            tape.openObject()
            writeMembers(entries, depth: 1, &tape)
            tape.close()
        }
    }

    private func writeMembers(_ entries: [Entry], depth: Int, _ tape: inout EventTape) {
        for (index, entry) in entries.enumerated() {
            let name = head(entry.path, tape)
            let isRepeat = entries[..<index].contains { tape[head($0.path, tape)] == tape[name] }
            guard !name.isEmpty, !isRepeat else { continue }
            let inner = tails(of: name, in: entries, tape)
            guard inner.isEmpty || depth < limits.userDataDepth else { continue }
            tape.key(name)
            writeValue(entry, inner, depth: depth, &tape)
        }
    }

    private func writeValue(_ entry: Entry, _ inner: [Entry], depth: Int, _ tape: inout EventTape) {
        if inner.isEmpty {
            tape.string(entry.value)
        } else if inner.allSatisfy({ arrayPlace($0.path, tape) != nil }) {
            writeElements(inner, depth: depth + 1, &tape)
        } else {
            tape.openObject()
            writeMembers(inner, depth: depth + 1, &tape)
            tape.close()
        }
    }

    private func writeElements(_ entries: [Entry], depth: Int, _ tape: inout EventTape) {
        let ordered = entries.enumerated().sorted { a, b in
            let (left, right) = (arrayPlace(a.element.path, tape) ?? 0, arrayPlace(b.element.path, tape) ?? 0)
            return (left, a.offset) < (right, b.offset)
        }
        tape.openArray()
        var last: Int?
        for (_, entry) in ordered {
            let place = arrayPlace(entry.path, tape)
            guard place != last else { continue }
            last = place
            let inner = tails(of: head(entry.path, tape), in: entries, tape)
            if inner.isEmpty || depth < limits.userDataDepth { writeValue(entry, inner, depth: depth, &tape) }
        }
        tape.close()
    }

    /// The first part of a path.
    private func head(_ path: TextRef, _ tape: borrowing EventTape) -> TextRef {
        let bytes = tape[path]
        guard let dot = bytes.firstIndex(of: UInt8(ascii: ".")) else { return path }
        return path.part(0..<dot - bytes.startIndex)
    }

    /// What stands below `name`: the rest of each path that begins with it.
    private func tails(of name: TextRef, in entries: [Entry], _ tape: borrowing EventTape) -> [Entry] {
        var tails: [Entry] = []
        for entry in entries {
            let own = head(entry.path, tape)
            let rest = Int(own.count) + 1
            guard rest < Int(entry.path.count), tape[own] == tape[name] else { continue }
            tails.append(Entry(path: entry.path.part(rest..<Int(entry.path.count)), value: entry.value))
        }
        return tails
    }

    /// The number that a path begins with; nil for a name.
    private func arrayPlace(_ path: TextRef, _ tape: borrowing EventTape) -> Int? {
        let digits = tape[head(path, tape)]
        guard 1...9 ~= digits.count else { return nil }
        var place = 0
        for digit in digits {
            guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= digit else { return nil }
            place = place * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return place
    }
}
