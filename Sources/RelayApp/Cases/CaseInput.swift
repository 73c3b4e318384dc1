import HTTPIngress
import Settings
import WireCodec

extension CaseNode {
    /// The value as JSON: numbers as they were written.
    var json: String {
        var writer = JSONWriter()
        write(to: &writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private func write(to json: inout JSONWriter) {
        switch content {
        case .null: json.null()
        case .bool(let flag): json.bool(flag)
        case .number(let text): json.raw(Array(text.utf8).span)
        case .text(let text): json.string(text)
        case .list(let items):
            json.beginArray()
            for item in items { item.write(to: &json) }
            json.endArray()
        case .map(let members):
            json.beginObject()
            for member in members {
                json.key(Array(member.key.utf8).span)
                member.value.write(to: &json)
            }
            json.endObject()
        }
    }
}

extension PastedRequest {
    /// A case's request. Without a method: POST with a body, else GET.
    init(_ request: MappingCase.Request) {
        self.init(url: request.path)
        headers += request.headers
        if let body = request.body {
            // A text is the body as it is; anything else is JSON.
            if case .text(let text) = body.content {
                self.body = Array(text.utf8)
            } else {
                self.body = Array(body.json.utf8)
            }
        }
        method = request.method.map { RequestMethod(word: $0) } ?? (body.isEmpty ? .get : .post)
        if let address = request.address { self.address = address }
    }
}
