import Foundation
import Glibc

/// A plain blocking HTTP/1.1 client for tests: one request a connection, on loopback.
public enum TestHTTPClient {
    public struct Answer: Sendable {
        public var status: Int
        /// Header names in lower case.
        public var headers: [String: String]
        public var body: [UInt8]

        public var text: String { String(decoding: body, as: UTF8.self) }

        /// The body as a JSON object; empty when it is none.
        public func json() -> [String: Any] {
            (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any] ?? [:]
        }
    }

    public struct Failure: Error, CustomStringConvertible {
        public var description: String
    }

    /// Sends one request and reads the whole answer.
    /// - Throws: a ``Failure`` when nothing listens or the answer is cut short.
    public static func send(
        _ method: String, port: Int, _ target: String, headers: [String: String] = [:], body: [UInt8] = []
    ) throws -> Answer {
        var head = "\(method) \(target) HTTP/1.1\r\nConnection: close\r\n"
        if headers["Host"] == nil { head += "Host: 127.0.0.1:\(port)\r\n" }
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        if method != "GET" && method != "HEAD" { head += "Content-Length: \(body.count)\r\n" }
        return try parse(exchange(Array((head + "\r\n").utf8) + body, port: port), method: method)
    }

    public static func get(port: Int, _ target: String, headers: [String: String] = [:]) throws -> Answer {
        try send("GET", port: port, target, headers: headers)
    }

    public static func post(
        port: Int, _ target: String, headers: [String: String] = [:], _ body: String
    ) throws -> Answer {
        try send("POST", port: port, target, headers: headers, body: Array(body.utf8))
    }

    /// Sends raw bytes and reads until the peer closes.
    public static func exchange(_ bytes: [UInt8], port: Int) throws -> [UInt8] {
        let descriptor = try connect(port: port)
        defer { Glibc.close(descriptor) }
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure(description: "send: errno \(errno)") }
            sent += count
        }
        var received: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.recv(descriptor, &chunk, chunk.count, 0)
            guard count >= 0 else { throw Failure(description: "recv: errno \(errno) after \(received.count) bytes") }
            if count == 0 { return received }
            received += chunk[..<count]
        }
    }

    private static func connect(port: Int) throws -> Int32 {
        let descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port)).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else {
            let number = errno
            Glibc.close(descriptor)
            throw Failure(description: "connect to port \(port): errno \(number)")
        }
        return descriptor
    }

    private static func parse(_ bytes: [UInt8], method: String) throws -> Answer {
        guard let split = Data(bytes).range(of: Data("\r\n\r\n".utf8)) else {
            throw Failure(description: "no whole head in \(bytes.count) bytes")
        }
        let lines = String(decoding: bytes[..<split.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        let status = lines[0].split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(
                in: .whitespaces)
        }
        let rest = Array(bytes[split.upperBound...])
        let body = headers["transfer-encoding"] == "chunked" ? dechunked(rest) : rest
        return Answer(status: status, headers: headers, body: body)
    }

    private static func dechunked(_ bytes: [UInt8]) -> [UInt8] {
        var body: [UInt8] = []
        var rest = bytes[...]
        while let newline = rest.firstIndex(of: UInt8(ascii: "\n")),
            let size = Int(
                String(decoding: rest[..<newline], as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines),
                radix: 16),
            size > 0
        {
            let start = rest.index(after: newline)
            body += rest[start..<min(start + size, rest.endIndex)]
            rest = rest[min(start + size + 2, rest.endIndex)...]
        }
        return body
    }
}
