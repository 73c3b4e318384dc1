import Foundation
import Glibc
import Synchronization

/// One request as the stub read it.
struct StubRequest: Sendable {
    /// Counts the connections from 0.
    let connection: Int
    let head: String
    let body: [UInt8]

    /// The value of a header, by its lower-case name.
    func header(_ name: String) -> String? {
        for line in head.split(separator: "\r\n").dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.first?.lowercased() == name { return parts.last.map { $0.trimmingCharacters(in: .whitespaces) } }
        }
        return nil
    }
}

/// What the stub does once it has read a request.
enum StubReply: Sendable {
    /// Sends the text and keeps the connection.
    case send(String)
    /// Sends the text and closes.
    case close(String)
    /// Sends the text and resets the connection.
    case reset(String)
    /// Sends nothing until the client leaves.
    case hang

    static func answer(_ status: String = "200 OK", headers: [String] = [], body: String = "") -> StubReply {
        let lines = ["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)"] + headers + ["", body]
        return .send(lines.joined(separator: "\r\n"))
    }
}

/// A scripted HTTP server on raw sockets: a thread that accepts and one for each connection.
final class StubServer: Sendable {
    let port: UInt16
    private let listener: Int32
    private let seen = Mutex<[StubRequest]>([])

    var requests: [StubRequest] { seen.withLock { $0 } }
    var url: String { "http://127.0.0.1:\(port)/events" }

    init(_ script: @escaping @Sendable (StubRequest) -> StubReply) throws {
        (listener, port) = try Self.listen()
        let listener = listener
        Thread.detachNewThread { [self] in
            var connection = 0
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0 else {
                    // Closed by the thread that uses it, or the number might name another socket by then.
                    close(listener)
                    return
                }
                let number = connection
                connection += 1
                Thread.detachNewThread { [self] in serve(client, number, script) }
            }
        }
    }

    func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    /// A port on which nothing listens.
    static func freePort() throws -> UInt16 {
        let (listener, port) = try listen()
        close(listener)
        return port
    }

    private static func listen() throws -> (Int32, UInt16) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 && Glibc.listen(listener, 64) == 0
                    && getsockname(listener, $0, &size) == 0
            }
        }
        guard bound else { throw POSIXError(.EADDRNOTAVAIL) }
        return (listener, UInt16(bigEndian: address.sin_port))
    }

    private func serve(_ client: Int32, _ number: Int, _ script: (StubRequest) -> StubReply) {
        defer { close(client) }
        while let request = readRequest(client, number) {
            seen.withLock { $0.append(request) }
            switch script(request) {
            case .send(let text): write(text, to: client)
            case .close(let text): return write(text, to: client)
            case .reset(let text):
                write(text, to: client)
                var linger = linger(l_onoff: 1, l_linger: 0)
                setsockopt(client, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
                return
            case .hang:
                var byte: UInt8 = 0
                while recv(client, &byte, 1, 0) > 0 {}
                return
            }
        }
    }

    private func readRequest(_ client: Int32, _ number: Int) -> StubRequest? {
        var bytes: [UInt8] = []
        var headEnd: Int?
        var missing = 0
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while headEnd == nil || missing > 0 {
            let count = recv(client, &chunk, chunk.count, 0)
            guard count > 0 else { return nil }
            bytes += chunk[..<count]
            // A TLS greeting gets no answer.
            if bytes[0] == 0x16 { return nil }
            if headEnd == nil, let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) {
                headEnd = end.upperBound
                let head = StubRequest(connection: number, head: text(bytes[..<end.lowerBound]), body: [])
                missing = Int(head.header("content-length") ?? "0")! + end.upperBound - bytes.count
            } else {
                missing -= count
            }
        }
        let end = headEnd ?? 0
        return StubRequest(connection: number, head: text(bytes[..<(end - 4)]), body: Array(bytes[end...]))
    }

    private func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    private func write(_ text: String, to client: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
