import Mapping
import Settings
import WireCodec

extension MappingReport {
    /// YAML that can stand in a configuration as it is: it changes nothing of what is in force.
    public var yaml: String {
        var text = "mappings:\n"
        for row in rows where row.kind == .own { text += Self.own(row) }
        for table in fieldTables {
            text +=
                "\n  # Built in, for source \(table.source). Names are compared trimmed, in any case, with a run of\n"
            text += "  # space, _ and - as one; in a trigger of your own they are compared to the letter.\n"
            // A preset that an own mapping stands in for is there already.
            for row in rows where row.kind == .preset && row.sources == [table.source] { text += Self.preset(row) }
        }
        for table in fieldTables {
            text +=
                "\n# Fields of source \(table.source), with the paths in their order: the first usable value wins.\n"
            for field in table.fields { text += "#   \(field.name): \(field.paths.joined(separator: ", "))\n" }
        }
        return text
    }

    private static func own(_ row: Row) -> String {
        var text = "  - name: \(quoted(row.name))\n" + places(row)
        if row.state == "off" { text += "    enabled: false\n" }
        text += "    trigger: \(quoted(row.trigger))\n"
        if !row.eventName.isEmpty { text += "    event_name: \(row.eventName)\n" }
        if let fields = row.fields { text += "    fields: \(fields.json)\n" }
        return text
    }

    private static func preset(_ row: Row) -> String {
        let account = "\(row.trigger) -> \(row.eventName) (\(row.origin))"
        guard row.state != "replaced" else { return "  # \(row.name), replaced: \(account)\n" }
        var text = "  # \(account)\n  - preset: \(row.name)\n" + places(row) + "    enabled: \(row.state == "on")\n"
        text += "    event_name: \(row.eventName)\n"
        if let fields = row.fields { text += "    fields: \(fields.json)\n" }
        return text
    }

    private static func places(_ row: Row) -> String {
        var text = "    sources: [\(row.sources.map(quoted).joined(separator: ", "))]\n"
        if !row.destinations.isEmpty {
            text += "    destinations: [\(row.destinations.map(quoted).joined(separator: ", "))]\n"
        }
        return text
    }

    private static func quoted(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { isWordByte($0) } && text.utf8.first.map { $0 >= 0x41 } ?? false
        let isWord = isPlain && !["true", "false", "null", "yes", "no", "on", "off"].contains(text.lowercased())
        guard !isWord else { return text }
        var json = JSONWriter()
        json.string(text)
        return String(decoding: json.take(), as: UTF8.self)
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    /// `{"mappings": [...], "fields": [{"source", "field", "paths"}]}`.
    public var json: String {
        var json = JSONWriter()
        json.beginObject()
        json.key("mappings")
        json.beginArray()
        for row in rows { Self.write(row, to: &json) }
        json.endArray()
        json.key("fields")
        json.beginArray()
        for table in fieldTables {
            for field in table.fields {
                json.beginObject()
                Self.member("source", table.source, to: &json)
                Self.member("field", field.name, to: &json)
                Self.member("paths", field.paths, to: &json)
                json.endObject()
            }
        }
        json.endArray()
        json.endObject()
        return String(decoding: json.take(), as: UTF8.self)
    }

    private static func write(_ row: Row, to json: inout JSONWriter) {
        json.beginObject()
        member("name", row.name, to: &json)
        member("kind", row.kind.rawValue, to: &json)
        member("origin", row.kind == .own ? "configuration" : row.origin, to: &json)
        member("state", row.state, to: &json)
        member("trigger", row.trigger, to: &json)
        if !row.eventName.isEmpty { member("event_name", row.eventName, to: &json) }
        member("sources", row.sources, to: &json)
        if !row.destinations.isEmpty { member("destinations", row.destinations, to: &json) }
        if let fields = row.fields {
            json.key("fields")
            json.raw(Array(fields.json.utf8).span)
        }
        json.endObject()
    }

    private static func member(_ name: StaticString, _ text: String, to json: inout JSONWriter) {
        json.key(name)
        json.string(text)
    }

    private static func member(_ name: StaticString, _ texts: [String], to json: inout JSONWriter) {
        json.key(name)
        json.beginArray()
        for text in texts { json.string(text) }
        json.endArray()
    }
}
