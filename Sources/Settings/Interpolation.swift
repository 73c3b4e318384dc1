/// Fills `${VARIABLE}` and `${VARIABLE:-default}` into a value; `$${` stands for `${` itself.
enum Interpolation {
    struct Filled {
        var text: String
        /// True when a variable's value went in.
        var isChanged: Bool
    }

    /// - Parameter missing: takes one sentence for each reference that cannot be filled.
    static func fill(_ text: String, from environment: [String: String], missing: inout [String]) -> Filled {
        var filled = Filled(text: "", isChanged: false)
        var rest = Substring(text)
        while let dollar = rest.firstIndex(of: "$") {
            filled.text += rest[..<dollar]
            rest = rest[dollar...]
            if rest.hasPrefix("$${") {
                filled.text += "${"
                rest = rest.dropFirst(3)
            } else if rest.hasPrefix("${") {
                guard let end = rest.firstIndex(of: "}") else {
                    missing.append("has \"${\" without \"}\"")
                    return filled
                }
                let reference = rest[rest.index(rest.startIndex, offsetBy: 2)..<end]
                filled.text += value(of: reference, in: environment, missing: &missing)
                filled.isChanged = true
                rest = rest[rest.index(after: end)...]
            } else {
                filled.text += "$"
                rest = rest.dropFirst()
            }
        }
        filled.text += rest
        return filled
    }

    private static func value(
        of reference: Substring, in environment: [String: String], missing: inout [String]
    ) -> String {
        let cut = reference.firstRange(of: ":-")
        let name = String(cut.map { reference[..<$0.lowerBound] } ?? reference)
        if let value = environment[name], !value.isEmpty { return value }
        if let cut { return String(reference[cut.upperBound...]) }
        missing.append("the variable \(name) is not set")
        return ""
    }
}
