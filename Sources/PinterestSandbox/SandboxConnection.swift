import Foundation
import Glibc

/// One client's connection, on a thread of its own: reads requests one after another and does as the service says.
struct SandboxConnection {
    private static let readChunk = 64 << 10
    /// How finely a wait looks for the end of the sandbox, and a dripped answer is cut.
    private static let tick: Duration = .milliseconds(20)

    private let socket: SandboxSocket
    private let service: SandboxService
    private let isStopped: @Sendable () -> Bool
    private var input: [UInt8] = []
    private var chunk = [UInt8](repeating: 0, count: readChunk)

    init(_ socket: SandboxSocket, service: SandboxService, isStopped: @escaping @Sendable () -> Bool) {
        self.socket = socket
        self.service = service
        self.isStopped = isStopped
    }

    /// Until the client leaves, or the connection is to end.
    mutating func serve() {
        var judge = SandboxContract(service.settings)
        while let headEnd = readHead() {
            guard let head = RequestHead(input[..<(headEnd - 4)]) else { return refuse(400, "Bad request") }
            guard head.contentLength <= service.settings.maxBodyBytes else { return refuse(413, "Payload too large") }
            if head.expectsContinue, !socket.write(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)[...]) { return }
            let end = headEnd + head.contentLength
            while input.count < end { guard socket.read(into: &input, chunk: &chunk) else { return } }
            let reply = service.reply(
                to: head.call, body: input.span.extracting(headEnd..<end), judge: &judge, nowMillis: Self.nowMillis())
            input.removeSubrange(..<end)
            guard perform(reply, closes: head.closes), !head.closes else { return }
        }
    }

    /// Milliseconds since 1970.
    private static func nowMillis() -> Int64 { Int64(Date().timeIntervalSince1970 * 1000) }

    /// - Returns: the index behind the empty line that ends the head.
    private mutating func readHead() -> Int? {
        var searched = 0
        while true {
            if let end = Self.headEnd(in: input, from: searched) { return end }
            guard input.count <= RequestHead.maxByteCount else { return nil }
            searched = max(0, input.count - 3)
            guard socket.read(into: &input, chunk: &chunk) else { return nil }
        }
    }

    private static func headEnd(in bytes: [UInt8], from start: Int) -> Int? {
        let lineEnd: [UInt8] = [13, 10, 13, 10]
        guard bytes.count >= 4 else { return nil }
        return (start...(bytes.count - 4)).first { bytes[$0] == 13 && bytes[$0..<($0 + 4)].elementsEqual(lineEnd) }
            .map { $0 + 4 }
    }

    /// - Returns: false when the connection is to end.
    private mutating func perform(_ reply: SandboxReply, closes: Bool) -> Bool {
        guard wait(reply.delay) else { return false }
        let wire = reply.answer.wire(closes: closes)
        switch reply.manner {
        case .whole: return socket.write((wire.head + wire.body)[...])
        case .drip(let bytesPerSecond): return drip((wire.head + wire.body)[...], bytesPerSecond)
        case .cut:
            _ = socket.write((wire.head + wire.body.prefix(wire.body.count / 2))[...])
            return false
        case .cutAndReset:
            _ = socket.write((wire.head + wire.body.prefix(wire.body.count / 2))[...])
            // The peer is to read what there is before the reset makes the rest void.
            guard wait(.milliseconds(50)) else { return false }
            socket.resetOnClose()
            return false
        case .overlong:
            let short = reply.answer.wire(closes: closes, announcing: wire.body.count / 2)
            return socket.write((short.head + short.body)[...])
        case .hang:
            while socket.read(into: &input, chunk: &chunk) { input = [] }
            return false
        case .reset:
            socket.resetOnClose()
            return false
        }
    }

    private func drip(_ bytes: ArraySlice<UInt8>, _ bytesPerSecond: Int) -> Bool {
        var rest = bytes
        let pieceTime: Duration = bytesPerSecond >= 50 ? Self.tick : .seconds(1) / bytesPerSecond
        let piece = max(1, bytesPerSecond / 50)
        while !rest.isEmpty {
            guard wait(pieceTime), socket.write(rest.prefix(piece)) else { return false }
            rest = rest.dropFirst(piece)
        }
        return true
    }

    /// - Returns: false when the sandbox stops meanwhile.
    private func wait(_ time: Duration) -> Bool {
        var left = time
        while left > .zero, !isStopped() {
            usleep(UInt32(min(left, Self.tick) / .microseconds(1)))
            left -= Self.tick
        }
        return !isStopped()
    }

    private func refuse(_ status: Int, _ message: String) {
        service.recordRequest(status: status)
        let answer = SandboxAnswer(
            status: status, headers: [SandboxHeader("Content-Type", "application/json")],
            body: SandboxJSON.error(code: 4196, message))
        let wire = answer.wire(closes: true)
        _ = socket.write((wire.head + wire.body)[...])
    }
}

extension SandboxAnswer {
    /// The answer as HTTP/1.1 text.
    /// - Parameter announcing: the length that the head tells; nil tells the truth.
    fileprivate func wire(closes: Bool, announcing length: Int? = nil) -> (head: [UInt8], body: [UInt8]) {
        var head = "HTTP/1.1 \(status) \(Self.phrase(status))\r\n"
        for header in headers { head += "\(header.name): \(header.value)\r\n" }
        head += "Content-Length: \(length ?? body.count)\r\n"
        if closes { head += "Connection: close\r\n" }
        return (Array((head + "\r\n").utf8), body)
    }

    private static func phrase(_ status: Int) -> String {
        switch status {
        case 200: "OK"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 413: "Payload Too Large"
        case 422: "Unprocessable Content"
        case 429: "Too Many Requests"
        case 500: "Internal Server Error"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        default: "Status"
        }
    }
}
