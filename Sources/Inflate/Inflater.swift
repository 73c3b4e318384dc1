// Inflate: request bodies that came compressed, through zlib, and nothing else.
//
// It may touch CZlib, and RelayModel for comparing bytes. No zlib type leaves the module.
//
// Invariants: a body is inflated chunk by chunk, and no more than one chunk beyond a limit before it is refused, so a
// bomb costs no more than an honest body of the same limits; a fault leaves the inflater ready for the next body; an
// inflater belongs to one thread and is therefore not Sendable.

import CZlib
import RelayModel

/// Inflates bodies; one per thread. It keeps zlib's state between bodies.
@safe
public final class Inflater {
    private static let chunkByteCount = 32 << 10

    private let limits: InflateLimits
    // zlib's state points back at the stream, which must not move; freed in deinit.
    private let stream: UnsafeMutablePointer<z_stream>
    private var chunk = [UInt8](repeating: 0, count: chunkByteCount)

    /// - Throws: an ``InflateError`` when there is no memory, or another zlib is linked than was compiled against.
    public init(limits: InflateLimits) throws(InflateError) {
        self.limits = limits
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        let size = unsafe Int32(MemoryLayout<z_stream>.size)
        let status = unsafe inflateInit2_(stream, WindowBits.gzip, ZLIB_VERSION, size)
        // Where it fails, `deinit` ends a stream that zlib has not begun, which it takes.
        guard status == Z_OK else { throw InflateError(.unavailable, status: status) }
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Inflates a whole body onto the end of `output`.
    /// - Throws: why it cannot be; `output` then holds a part of no use.
    public func inflate(
        _ body: Span<UInt8>, _ coding: ContentCoding, into output: inout [UInt8]
    ) throws(InflateError) {
        guard coding != .identity else { return output.append(copying: body) }
        guard body.count <= limits.compressedByteCount, let count = UInt32(exactly: body.count) else {
            throw InflateError(.compressedTooLarge)
        }
        let status = unsafe inflateReset2(stream, WindowBits.of(coding, body))
        guard status == Z_OK else { throw InflateError(.unavailable, status: status) }
        // The stream reads the body within the closure only; what it holds of it afterwards is never used.
        try unsafe body.withUnsafeBufferPointer { input throws(InflateError) in
            unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            unsafe stream.pointee.avail_in = count
            try inflateMembers(coding, body, into: &output)
        }
    }

    /// Inflates what the stream holds: one member, or for gzip one behind the other.
    private func inflateMembers(
        _ coding: ContentCoding, _ body: Span<UInt8>, into output: inout [UInt8]
    ) throws(InflateError) {
        let start = output.count
        while true {
            let status = try inflateChunk(of: body.count, from: start, into: &output)
            switch status {
            case Z_OK: continue
            case Z_STREAM_END:
                let rest = body.extracting(droppingFirst: body.count - Int(unsafe stream.pointee.avail_in))
                if rest.isEmpty { return }
                guard coding == .gzip, rest.isGzipStart else { throw InflateError(.corrupt, status: Z_STREAM_END) }
                unsafe inflateReset(stream)
            // There is room for output, so it is input that is wanted.
            case Z_BUF_ERROR: throw InflateError(.truncated, status: status)
            case Z_MEM_ERROR: throw InflateError(.unavailable, status: status)
            default: throw InflateError(.corrupt, status: status)
            }
        }
    }

    /// Inflates one chunk and appends it where the limits allow.
    /// - Returns: zlib's status.
    private func inflateChunk(
        of compressedByteCount: Int, from start: Int, into output: inout [UInt8]
    ) throws(InflateError) -> Int32 {
        var room = UInt32(Self.chunkByteCount)
        let status = unsafe chunk.withUnsafeMutableBufferPointer { space in
            unsafe stream.pointee.next_out = space.baseAddress
            unsafe stream.pointee.avail_out = room
            let status = unsafe CZlib.inflate(stream, Z_NO_FLUSH)
            room = unsafe stream.pointee.avail_out
            return status
        }
        let fresh = Self.chunkByteCount - Int(room)
        let total = output.count - start + fresh
        guard total <= limits.inflatedByteCount else { throw InflateError(.inflatedTooLarge) }
        guard total <= InflateLimits.ratioFreeByteCount || (total - 1) / max(1, compressedByteCount) < limits.ratio
        else {
            throw InflateError(.ratioTooHigh)
        }
        output.append(contentsOf: chunk[..<fresh])
        return status
    }
}

/// zlib's way to be told the format.
private enum WindowBits {
    static let gzip: Int32 = 15 + 16
    private static let zlib: Int32 = 15
    private static let bare: Int32 = -15

    static func of(_ coding: ContentCoding, _ body: Span<UInt8>) -> Int32 {
        coding == .gzip ? gzip : body.isZlibStart ? zlib : bare
    }
}

extension Span<UInt8> {
    fileprivate var isGzipStart: Bool { count >= 2 && self[0] == 0x1F && self[1] == 0x8B }

    /// RFC 1950, 2.2: method 8, a window of at most 32 KiB, and a sum that 31 divides. A bare stream that begins alike
    /// would be a stored block with bits set where every writer leaves zeros.
    fileprivate var isZlibStart: Bool {
        guard count >= 2, self[0] & 0x0F == 8, self[0] >> 4 <= 7 else { return false }
        return (UInt16(self[0]) << 8 | UInt16(self[1])) % 31 == 0
    }
}
