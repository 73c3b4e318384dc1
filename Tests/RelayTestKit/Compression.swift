import CZlib

/// Compresses as senders do, so that a test can send what they send.
public enum Compression: Sendable, CaseIterable {
    /// RFC 1952.
    case gzip
    /// RFC 1950: `deflate` by the book.
    case zlib
    /// RFC 1951: `deflate` as some senders have it.
    case bareDeflate

    public func compress(_ bytes: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        let size = Int32(MemoryLayout<z_stream>.size)
        deflateInit2_(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size)
        defer { deflateEnd(&stream) }
        var input = bytes
        var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))))
        input.withUnsafeMutableBufferPointer { from in
            output.withUnsafeMutableBufferPointer { to in
                stream.next_in = from.baseAddress
                stream.avail_in = UInt32(from.count)
                stream.next_out = to.baseAddress
                stream.avail_out = UInt32(to.count)
                _ = deflate(&stream, Z_FINISH)
            }
        }
        return Array(output.prefix(Int(stream.total_out)))
    }

    private var windowBits: Int32 {
        switch self {
        case .gzip: 31
        case .zlib: 15
        case .bareDeflate: -15
        }
    }
}
