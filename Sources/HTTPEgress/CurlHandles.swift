// The three things that libcurl hands out as `void *` or a bare list, each in a type of its own, so that an easy
// handle cannot stand where a multi handle belongs, and each freed exactly once, by its deinit.
import CLibcurl
import CRelayShims

/// One transfer's handle (`CURL *`).
@safe
struct EasyHandle: ~Copyable {
    let pointer: UnsafeMutableRawPointer

    init() throws(CurlError) {
        guard let made = unsafe curl_easy_init() else {
            throw CurlError(.outOfMemory, operation: "curl_easy_init")
        }
        unsafe pointer = made
    }

    deinit { unsafe curl_easy_cleanup(pointer) }

    /// Back to libcurl's defaults; frees the body's copy and lets go of all pointers.
    func reset() { unsafe curl_easy_reset(pointer) }

    func set(_ option: CURLoption, _ value: Int) throws(CurlError) {
        try check(unsafe relay_curl_set_long(pointer, option, value))
    }

    func set(_ option: CURLoption, _ value: Bool) throws(CurlError) { try set(option, value ? 1 : 0) }

    func setOffset(_ option: CURLoption, _ value: Int) throws(CurlError) {
        try check(unsafe relay_curl_set_offset(pointer, option, value))
    }

    /// libcurl copies the text.
    func set(_ option: CURLoption, _ value: String) throws(CurlError) {
        try check(unsafe relay_curl_set_string(pointer, option, value))
    }

    /// Has libcurl send a copy of `body`.
    func setBody(_ body: [UInt8]) throws(CurlError) {
        try setOffset(CURLOPT_POSTFIELDSIZE_LARGE, body.count)
        try check(unsafe relay_curl_set_pointer(pointer, CURLOPT_COPYPOSTFIELDS, body))
    }

    func long(_ info: CURLINFO) -> Int {
        var value = 0
        return unsafe relay_curl_get_long(pointer, info, &value) == CURLE_OK ? value : 0
    }

    func offset(_ info: CURLINFO) -> Int64 {
        var value: curl_off_t = 0
        return unsafe relay_curl_get_offset(pointer, info, &value) == CURLE_OK ? Int64(value) : 0
    }

    func check(_ code: CURLcode) throws(CurlError) {
        guard code == CURLE_OK else { throw CurlError(CurlCode(code), operation: "curl_easy_setopt") }
    }
}

/// Header lines (`curl_slist *`); libcurl keeps the pointer, so the list lives as long as its transfer.
@safe
struct HeaderList: ~Copyable {
    private(set) var pointer: UnsafeMutablePointer<curl_slist>?

    init() { unsafe pointer = nil }

    deinit { unsafe curl_slist_free_all(pointer) }

    mutating func append(_ line: String) throws(CurlError) {
        guard let longer = unsafe curl_slist_append(pointer, line) else {
            throw CurlError(.outOfMemory, operation: "curl_slist_append")
        }
        unsafe pointer = longer
    }
}

/// The set of running transfers with their connections (`CURLM *`).
@safe
struct MultiHandle: ~Copyable {
    let pointer: UnsafeMutableRawPointer

    init() throws(CurlError) {
        guard let made = unsafe curl_multi_init() else {
            throw CurlError(.outOfMemory, operation: "curl_multi_init")
        }
        unsafe pointer = made
    }

    /// Every easy handle has been removed before.
    deinit { unsafe curl_multi_cleanup(pointer) }

    func set(_ option: CURLMoption, _ value: Int) throws(CurlError) {
        let code = unsafe relay_curl_multi_set_long(pointer, option, value)
        guard code == CURLM_OK else { throw CurlError(code, operation: "curl_multi_setopt") }
    }

    func add(_ easy: borrowing EasyHandle) throws(CurlError) {
        let code = unsafe curl_multi_add_handle(pointer, easy.pointer)
        guard code == CURLM_OK else { throw CurlError(code, operation: "curl_multi_add_handle") }
    }

    func remove(_ easy: borrowing EasyHandle) {
        // Fails only for a handle that is not in the set, which is what is wanted.
        _ = unsafe curl_multi_remove_handle(pointer, easy.pointer)
    }

    func perform() throws(CurlError) {
        var running: Int32 = 0
        let code = unsafe curl_multi_perform(pointer, &running)
        guard code == CURLM_OK else { throw CurlError(code, operation: "curl_multi_perform") }
    }

    func poll(milliseconds: Int) throws(CurlError) {
        let code = unsafe curl_multi_poll(pointer, nil, 0, Int32(clamping: milliseconds), nil)
        guard code == CURLM_OK else { throw CurlError(code, operation: "curl_multi_poll") }
    }

    /// The next ended transfer: its handle's address and how it ended.
    func nextEnded() -> (handle: UInt, code: CURLcode)? {
        var left: Int32 = 0
        while let message = unsafe curl_multi_info_read(pointer, &left) {
            if unsafe message.pointee.msg == CURLMSG_DONE {
                return unsafe (UInt(bitPattern: message.pointee.easy_handle), message.pointee.data.result)
            }
        }
        return nil
    }
}
