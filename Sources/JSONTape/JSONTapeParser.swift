// The wrapper around simdjson: the only module that touches it. It turns bytes into the two flat buffers of an
// `EventTape` and knows nothing of events.
//
// Invariants: the buffers that C hands out are copied before the next call and never leave `parse`; a fault leaves the
// tape as it was.
import CSimdJSON
public import RelayModel

/// Parses JSON with simdjson. One thread uses one parser; it keeps its buffers between documents.
///
/// Valid JSON that simdjson does not take for one value's sake (a number beyond 64 bits, half a surrogate pair, a byte
/// that is not UTF-8) is repaired and parsed again, so that one value does not cost a sender a whole batch: see
/// ``JSONRepair``.
@safe public final class JSONTapeParser: JSONParsing {
    private let parser: OpaquePointer?

    /// - Parameters:
    ///   - maximumByteCount: longer documents are ``JSONFault/tooLarge``.
    ///   - maximumDepth: containers that hold something may nest so deep; a deeper document is
    ///     ``JSONFault/tooDeep``.
    public init(maximumByteCount: Int = 8 << 20, maximumDepth: Int = 64) {
        // Freed in deinit; nil without memory, and then every parse answers `tooLarge`.
        unsafe parser = relay_json_create(max(1, maximumByteCount), max(1, maximumDepth))
    }

    deinit { unsafe relay_json_destroy(parser) }

    public func parse(_ bytes: Span<UInt8>, onto tape: inout EventTape) throws(JSONFault) -> TapeNode {
        switch parseOnce(bytes, onto: &tape) {
        case .success(let root): return root
        case .failure(.value):
            guard let repaired = JSONRepair.repaired(bytes) else { throw .malformed }
            guard case .success(let root) = parseOnce(repaired.span, onto: &tape) else { throw .malformed }
            return root
        case .failure(.final(let fault)): throw fault
        }
    }

    private enum Failure: Error {
        case value
        case final(JSONFault)
    }

    private func parseOnce(_ bytes: Span<UInt8>, onto tape: inout EventTape) -> Result<TapeNode, Failure> {
        guard let parser = unsafe parser else { return .failure(.final(.tooLarge)) }
        // Some senders begin with a byte order mark, which JSON does not know.
        let hasMark = bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF
        let body = bytes.extracting(droppingFirst: hasMark ? 3 : 0)
        // The bytes are copied by the call; the document's buffers live in the parser until the next one.
        let document = unsafe body.withUnsafeBufferPointer {
            unsafe relay_json_parse(parser, $0.baseAddress, $0.count)
        }
        guard unsafe document.status == RELAY_JSON_OK else { return unsafe .failure(failure(document.status)) }
        let words = unsafe Span(_unsafeStart: document.words, count: document.word_count)
        let texts = unsafe Span(_unsafeStart: document.texts, count: document.text_count)
        return .success(tape.adopt(words: words, texts: texts))
    }

    private func failure(_ status: relay_json_status) -> Failure {
        switch status {
        case RELAY_JSON_MALFORMED_VALUE: .value
        case RELAY_JSON_TOO_DEEP: .final(.tooDeep)
        case RELAY_JSON_EMPTY: .final(.empty)
        case RELAY_JSON_TOO_LARGE, RELAY_JSON_NO_MEMORY: .final(.tooLarge)
        default: .final(.malformed)
        }
    }
}
