import CLibcurl

/// libcurl's process-wide start, once, and what it must have been built with.
enum LibcurlSetup {
    private static let started = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

    static func check() throws(CurlError) {
        guard started == CURLE_OK else { throw CurlError(CurlCode(started), operation: "curl_global_init") }
        // A static record of libcurl, of which the oldest form has all that is read here.
        guard let version = unsafe curl_version_info(CURLVERSION_FIRST) else {
            throw CurlError(.notBuiltIn, operation: "curl_version_info")
        }
        // Without an asynchronous resolver a name lookup would stop all transfers of the loop.
        guard unsafe version.pointee.features & CURL_VERSION_ASYNCHDNS != 0 else {
            throw CurlError(
                .notBuiltIn, operation: "curl_version_info", reason: "libcurl has no asynchronous name resolver")
        }
        guard unsafe version.pointee.features & CURL_VERSION_SSL != 0 else {
            throw CurlError(.notBuiltIn, operation: "curl_version_info", reason: "libcurl has no TLS")
        }
    }
}
