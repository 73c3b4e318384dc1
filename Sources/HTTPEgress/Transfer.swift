import CLibcurl
import CRelayShims

/// One request on its way: the single owner of everything that libcurl points at while it runs.
///
/// A transfer is used again for later requests. Between ``prepare(_:limits:identity:)`` and ``clear()`` it is kept
/// alive by its loop's table, which is what makes the unretained context of the callbacks valid.
final class Transfer {
    let easy: EasyHandle
    private(set) var id: UInt64 = 0
    private var lines = HeaderList()
    private var headers = EgressHeaders()
    private var headerByteCount = 0
    private var body: [UInt8] = []
    private var maxHeaderBytes = 0
    private var maxBodyBytes = 0
    private var isOverLimit = false

    init() throws(CurlError) { easy = try EasyHandle() }

    /// The handle's address, by which libcurl names an ended transfer.
    var key: UInt { unsafe UInt(bitPattern: easy.pointer) }

    func prepare(_ request: EgressRequest, limits: EgressLimits, identity: EgressIdentity) throws(CurlError) {
        guard !request.hasBrokenHeader else { throw CurlError(.badArgument, operation: "header line") }
        id = request.id
        maxHeaderBytes = limits.maxHeaderBytes
        maxBodyBytes = limits.maxResponseBytes
        try setFixedOptions()
        try setLimits(limits, timeout: request.timeout ?? limits.totalTimeout)
        try setIdentity(identity)
        try setRequest(request)
        try setCallbacks()
    }

    /// What became of the request that libcurl ended with `code`.
    func outcome(_ code: CURLcode) -> EgressResponse {
        EgressResponse(
            id: id, result: result(code), totalMicros: easy.offset(CURLINFO_TOTAL_TIME_T),
            openedConnections: easy.long(CURLINFO_NUM_CONNECTS))
    }

    /// Lets go of everything that belongs to the request: its token and its events go with the handle's reset.
    func clear() {
        easy.reset()
        lines = HeaderList()
        headers = EgressHeaders()
        headerByteCount = 0
        body = []
        isOverLimit = false
    }

    private func result(_ code: CURLcode) -> EgressResponse.Result {
        if code == CURLE_OK {
            return .answered(status: easy.long(CURLINFO_RESPONSE_CODE), headers: headers, body: body)
        }
        return .failed(
            CurlError(
                isOverLimit ? .responseTooLarge : CurlCode(code), operation: "transfer",
                systemError: Int32(clamping: easy.long(CURLINFO_OS_ERRNO))))
    }

    // MARK: What the callbacks bring

    func takeBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard bytes.count <= maxBodyBytes - body.count else { return refuse() }
        unsafe body.append(contentsOf: bytes)
        return bytes.count
    }

    func takeHeader(_ bytes: UnsafeRawBufferPointer) -> Int {
        headerByteCount += bytes.count
        guard headerByteCount <= maxHeaderBytes else { return refuse() }
        unsafe headers.take(line: bytes)
        return bytes.count
    }

    private func refuse() -> Int {
        isOverLimit = true
        return 0
    }
}

extension Transfer {
    private func setRequest(_ request: EgressRequest) throws(CurlError) {
        try easy.set(CURLOPT_URL, request.url)
        try easy.set(CURLOPT_PROTOCOLS_STR, request.scheme)
        if request.method == .post { try easy.setBody(request.body) }
        // Without this libcurl asks for leave first and waits a second for it.
        try lines.append("Expect:")
        for line in request.headerLines { try lines.append(line) }
        try easy.check(unsafe relay_curl_set_list(easy.pointer, CURLOPT_HTTPHEADER, lines.pointer))
    }

    private func setCallbacks() throws(CurlError) {
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        try easy.check(unsafe relay_curl_set_sink(easy.pointer, CURLOPT_WRITEFUNCTION, onCurlBody))
        try easy.check(unsafe relay_curl_set_pointer(easy.pointer, CURLOPT_WRITEDATA, context))
        try easy.check(unsafe relay_curl_set_sink(easy.pointer, CURLOPT_HEADERFUNCTION, onCurlHeader))
        try easy.check(unsafe relay_curl_set_pointer(easy.pointer, CURLOPT_HEADERDATA, context))
    }
}
