/// Follows a connection's bytes ahead of evhttp and finds what evhttp would read more generously than the proxies before
/// it might: the syntax of requests on the wire (RFC 9112). What the headers then say, `RequestGuard` looks at. Pure; fed
/// with the bytes as they come, in pieces of any size.
///
/// Invariants: after a fault nothing more is looked at; where `RequestGuard` is going to refuse a request for its framing,
/// the scanner stops as well, because where that request ends is in doubt and the connection ends with it.
package struct FramingScanner {
    /// What ends a connection before evhttp sees the request.
    package enum Fault: Equatable, Sendable {
        case malformed(RequestFault)
        /// `Content-Length` is beyond the cap: there is no need to wait for the body.
        case bodyTooLarge
    }

    private enum State: UInt8 {
        case method, target, version, versionEnd
        case lineStart, name, value, valueEnd, headEnd
        case body
        case chunkSize, chunkSizeEnd, chunkData, chunkDataEnd, chunkDataLineEnd, trailerStart, trailerEnd
        /// A fault was found, or the end of the request is in doubt.
        case stopped
    }

    package private(set) var fault: Fault?
    /// How many requests have ended.
    package private(set) var completedCount = 0

    private let bodyByteCap: Int
    private var state = State.method
    /// Bytes of the piece of the line under way, or of a body or chunk that are still to come.
    private var count = 0
    private var head = RequestHeadFacts()

    /// - Parameter bodyByteCap: the largest `Content-Length` that is not a fault.
    package init(bodyByteCap: Int) { self.bodyByteCap = bodyByteCap }

    /// A request has begun, and its headers have not ended.
    package var isInHead: Bool {
        switch state {
        case .method: count > 0
        case .target, .version, .versionEnd, .lineStart, .name, .value, .valueEnd, .headEnd: true
        default: false
        }
    }

    /// Takes bytes that need not be looked at.
    ///
    /// - Returns: false if they have to be fed.
    package mutating func skip(_ byteCount: Int) -> Bool {
        if state == .stopped { return true }
        guard state == .body, byteCount < count else { return false }
        count -= byteCount
        return true
    }

    package mutating func feed(_ bytes: Span<UInt8>) {
        var index = 0
        while index < bytes.count, state != .stopped {
            if state == .body || state == .chunkData {
                let taken = min(count, bytes.count - index)
                count -= taken
                index += taken
                if count == 0 { endOfData() }
            } else {
                let run = runLength(in: bytes, from: index)
                count += run
                index += run
                guard index < bytes.count else { return }
                take(bytes[index])
                index += 1
            }
        }
    }

    /// How many bytes change nothing but `count`: inside a target, or a header that says nothing of the body. Most of a
    /// request's head is that.
    private func runLength(in bytes: Span<UInt8>, from start: Int) -> Int {
        let floor: UInt8
        let end: UInt8
        switch state {
        case .target: (floor, end) = (Byte.space + 1, Byte.delete)
        case .name where head.nameSaysNothing: (floor, end) = (Byte.space, UInt8(ascii: ":"))
        case .value where head.valueSaysNothing: (floor, end) = (Byte.space, Byte.delete)
        default: return 0
        }
        var index = start
        while index < bytes.count, bytes[index] >= floor, bytes[index] != end, bytes[index] != Byte.delete {
            index += 1
        }
        return index - start
    }

    private mutating func take(_ byte: UInt8) {
        switch state {
        case .method, .target, .version, .versionEnd: takeRequestLine(byte)
        case .lineStart, .name, .value, .valueEnd, .headEnd: takeHeaders(byte)
        default: takeChunkLine(byte)
        }
    }

    private mutating func fail(_ fault: RequestFault) {
        self.fault = .malformed(fault)
        state = .stopped
    }

    private mutating func enter(_ next: State) {
        state = next
        count = 0
    }

    /// The line feed that must follow a carriage return.
    private mutating func expectLineFeed(_ byte: UInt8, then next: State) {
        if byte == Byte.lineFeed { enter(next) } else { fail(.bareCarriageReturn) }
    }

    private mutating func complete() {
        completedCount &+= 1
        head = RequestHeadFacts()
        enter(.method)
    }

    private mutating func endOfData() {
        if state == .body { complete() } else { enter(.chunkDataEnd) }
    }
}

// The request line: a method, one space, a target, one space, a version that evhttp and its callers know.
extension FramingScanner {
    private mutating func takeRequestLine(_ byte: UInt8) {
        switch (state, byte) {
        case (.method, Byte.space) where count > 0, (.target, Byte.space) where count > 0:
            enter(state == .method ? .target : .version)
        case (.method, _):
            guard byte.isTokenCharacter else { return fail(.oddRequestLine) }
            head.seeMethod(byte, at: count)
            count += 1
        case (.target, _):
            guard byte > Byte.space, byte != Byte.delete else { return fail(.oddRequestLine) }
            count += 1
        case (.version, Byte.carriageReturn) where count == Self.version.utf8CodeUnitCount + 1:
            enter(.versionEnd)
        case (.version, _):
            guard head.seeVersion(byte, at: count, Self.version) else { return fail(.oddRequestLine) }
            count += 1
        default:
            expectLineFeed(byte, then: .lineStart)
        }
    }

    private static let version: StaticString = "HTTP/1."
}

// The headers.
extension FramingScanner {
    private mutating func takeHeaders(_ byte: UInt8) {
        switch state {
        case .lineStart: startLine(byte)
        case .name: takeName(byte)
        case .value: takeValue(byte)
        case .valueEnd: expectLineFeed(byte, then: .lineStart)
        default:
            guard byte == Byte.lineFeed else { return fail(.bareCarriageReturn) }
            endHead()
        }
    }

    private mutating func startLine(_ byte: UInt8) {
        switch byte {
        case Byte.carriageReturn: enter(.headEnd)
        case Byte.space, Byte.tab: fail(.foldedHeader)
        default:
            enter(.name)
            head.startHeader()
            takeName(byte)
        }
    }

    private mutating func takeName(_ byte: UInt8) {
        if byte == UInt8(ascii: ":") {
            head.endName(byteCount: count)
            return enter(.value)
        }
        guard allowInLine(byte) else { return }
        // A line without a colon is evhttp's to refuse; it must end like any other.
        if byte == Byte.carriageReturn { return enter(.valueEnd) }
        head.seeName(byte, at: count)
        count += 1
    }

    private mutating func takeValue(_ byte: UInt8) {
        if byte == Byte.carriageReturn { return enter(.valueEnd) }
        if allowInLine(byte) { head.seeValue(byte) }
    }

    private mutating func allowInLine(_ byte: UInt8) -> Bool {
        if byte == Byte.lineFeed {
            fail(.bareLineFeed)
        } else if byte < Byte.space && byte != Byte.tab && byte != Byte.carriageReturn || byte == Byte.delete {
            fail(.controlCharacter)
        }
        return state != .stopped
    }

    private mutating func endHead() {
        switch head.framing {
        case .doubtful: state = .stopped
        case .codingBeforeVersion1Point1: fail(.unknownTransferEncoding)
        case .chunked: enter(.chunkSize)
        case .none, .length(0): complete()
        case .length(let length) where length > bodyByteCap:
            fault = .bodyTooLarge
            state = .stopped
        case .length(let length):
            enter(.body)
            count = length
        }
    }
}

// A chunked body: sizes in hexadecimal digits and nothing else, no extension, no trailer. Clients have no use for either.
extension FramingScanner {
    /// More digits than any size within the cap needs.
    private static let maxSizeDigits = 8

    private mutating func takeChunkLine(_ byte: UInt8) {
        switch state {
        case .chunkSize: takeSize(byte)
        case .chunkSizeEnd:
            guard byte == Byte.lineFeed else { return fail(.oddChunk) }
            let size = head.chunkSize
            head.chunkSize = 0
            enter(size == 0 ? .trailerStart : .chunkData)
            count = size
        case .chunkDataEnd: expect(byte, Byte.carriageReturn, then: .chunkDataLineEnd)
        case .chunkDataLineEnd: expect(byte, Byte.lineFeed, then: .chunkSize)
        case .trailerStart: expect(byte, Byte.carriageReturn, then: .trailerEnd)
        default:
            guard byte == Byte.lineFeed else { return fail(.oddChunk) }
            complete()
        }
    }

    private mutating func takeSize(_ byte: UInt8) {
        if byte == Byte.carriageReturn, count > 0 { return enter(.chunkSizeEnd) }
        guard let digit = byte.hexadecimalDigit, count < Self.maxSizeDigits else { return fail(.oddChunk) }
        head.chunkSize = head.chunkSize << 4 | digit
        count += 1
    }

    private mutating func expect(_ byte: UInt8, _ wanted: UInt8, then next: State) {
        if byte == wanted { enter(next) } else { fail(.oddChunk) }
    }
}

private enum Byte {
    static let tab = UInt8(ascii: "\t")
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let space = UInt8(ascii: " ")
    static let delete: UInt8 = 0x7F
}

extension UInt8 {
    fileprivate var hexadecimalDigit: Int? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(self &- UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(self &- UInt8(ascii: "a") &+ 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): Int(self &- UInt8(ascii: "A") &+ 10)
        default: nil
        }
    }
}
