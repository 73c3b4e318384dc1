/// A reply in the bytes of the wire, for a connection that ends with it and never had a request.
enum FinalReply {
    static let malformed = bytes(of: IngressRefusal.malformed(.oddRequestLine).reply)
    static let bodyTooLarge = bytes(of: IngressRefusal.bodyTooLarge.reply)

    private static func bytes(of reply: Reply) -> [UInt8] {
        guard case .fixed(let body) = reply.body else { return [] }
        let head = """
            HTTP/1.1 \(reply.status.code) \(reply.status.phrase)\r
            Content-Type: \(reply.contentType ?? "text/plain")\r
            Content-Length: \(body.utf8CodeUnitCount)\r
            Connection: close\r
            \r

            """
        return Array((head + body.description).utf8)
    }
}
