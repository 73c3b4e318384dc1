import RelayModel

// Secrets: `key` holds one, `key_file` names a file that does. No message here shows what was found.
extension ConfigSection {
    private static let maxFileByteCount = 65_536

    /// Reads one secret from `key` or `key_file`.
    func secret(_ key: String) -> SecretValue? {
        secretTexts(key, isList: false).first.map(SecretValue.init)
    }

    /// Reads a list of secrets from `key`, or from the lines of `key_file`.
    func secrets(_ key: String) -> [SecretValue] {
        secretTexts(key, isList: true).map(SecretValue.init)
    }

    private func secretTexts(_ key: String, isList: Bool) -> [String] {
        let fileKey = key + "_file"
        let inFile = isList ? "secrets, one a line" : "one line with one secret"
        findings.keys.describe(
            path.key(key), isList ? .list(.text) : .text, isList ? "a list of secrets without spaces" : "a secret")
        findings.keys.describe(path.key(fileKey), .text, "the path of a file that holds \(inFile); in place of \(key)")
        let inline = value(key)
        let file = value(fileKey)
        if inline != nil, file != nil {
            fault(fileKey, "\(key) is set as well: keep one of the two")
            return []
        }
        if let inline { return inlineSecrets(inline, key, isList: isList) }
        if let file { return fileSecrets(file, fileKey, isList: isList) }
        return []
    }

    private func inlineSecrets(_ node: ConfigNode, _ key: String, isList: Bool) -> [String] {
        var items = [node]
        if isList, let list = node.items { items = list }
        var texts: [String] = []
        for item in items {
            guard case .scalar(let text) = item.content, Self.isSecret(text) else {
                fault(key, isList ? "expected a list of secrets without spaces" : "expected a secret without spaces")
                continue
            }
            texts.append(text)
        }
        let shown = texts.map { _ in "\"<secret>\"" }.joined(separator: ", ")
        findings.record(
            path.key(key), isList ? "[\(shown)]" : shown, node.origin, secrets: texts.map(SecretValue.init))
        return texts
    }

    private func fileSecrets(_ node: ConfigNode, _ key: String, isList: Bool) -> [String] {
        guard case .scalar(let name) = node.content, !name.isEmpty else {
            fault(key, "expected the path of a file")
            return []
        }
        let content: String
        do throws(ConfigFileError) { content = try findings.files.read(name, Self.maxFileByteCount) } catch {
            fault(key, "cannot read \(name): \(error)")
            return []
        }
        let lines = content.split(whereSeparator: \.isNewline).map(Self.trimmed).filter { !$0.isEmpty }
        guard !lines.isEmpty, isList || lines.count == 1, lines.allSatisfy(Self.isSecret) else {
            fault(key, "expected \(isList ? "secrets, one a line," : "one line with one secret") in \(name)")
            return []
        }
        findings.record(
            path.key(key), EffectiveSettings.quoted(name), node.origin, secrets: lines.map(SecretValue.init),
            file: name)
        return lines
    }

    /// Printable ASCII without spaces: what an HTTP header can carry.
    private static func isSecret(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 4096 && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
    }

    private static func trimmed(_ line: Substring) -> String {
        let body = line.drop(while: \.isWhitespace)
        guard let end = body.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(body[...end])
    }
}
