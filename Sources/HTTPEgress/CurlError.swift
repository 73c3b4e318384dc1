import CLibcurl

/// libcurl's number for what went wrong (`CURLcode`). A struct, so that numbers of later versions survive.
public struct CurlCode: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) { self.rawValue = rawValue }

    init(_ code: CURLcode) { self.init(rawValue: code.rawValue) }

    public static let cannotResolve = CurlCode(CURLE_COULDNT_RESOLVE_HOST)
    public static let cannotConnect = CurlCode(CURLE_COULDNT_CONNECT)
    public static let timedOut = CurlCode(CURLE_OPERATION_TIMEDOUT)
    public static let partialAnswer = CurlCode(CURLE_PARTIAL_FILE)
    public static let noAnswer = CurlCode(CURLE_GOT_NOTHING)
    public static let sendFailed = CurlCode(CURLE_SEND_ERROR)
    public static let receiveFailed = CurlCode(CURLE_RECV_ERROR)
    public static let untrustedPeer = CurlCode(CURLE_PEER_FAILED_VERIFICATION)
    public static let handshakeFailed = CurlCode(CURLE_SSL_CONNECT_ERROR)
    public static let unsupportedProtocol = CurlCode(CURLE_UNSUPPORTED_PROTOCOL)
    /// The answer is beyond ``EgressLimits/maxResponseBytes`` or ``EgressLimits/maxHeaderBytes``.
    public static let responseTooLarge = CurlCode(CURLE_FILESIZE_EXCEEDED)
    /// ``EgressLimits/maxInFlight`` transfers are running.
    public static let tooMany = CurlCode(CURLE_AGAIN)
    public static let badArgument = CurlCode(CURLE_BAD_FUNCTION_ARGUMENT)
    public static let notBuiltIn = CurlCode(CURLE_NOT_BUILT_IN)
    public static let outOfMemory = CurlCode(CURLE_OUT_OF_MEMORY)
}

/// A request without a whole answer, or a client that cannot be made. It never holds a value of the request.
public struct CurlError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Disposition: String, Sendable, CaseIterable {
        /// Network, name service, time: the same request may well succeed later.
        case retry
        /// Configuration (URL, certificates): it fails until someone changes that.
        case giveUp = "give_up"
        /// This program or its libcurl is at fault.
        case bug
    }

    public let code: CurlCode
    /// What was being done: `transfer`, or the name of the libcurl call.
    public let operation: String
    /// libcurl's own fixed text for the code.
    public let reason: String
    /// The `errno` of the last failed connect, 0 when there is none.
    public let systemError: Int32

    init(_ code: CurlCode, operation: String, reason: String? = nil, systemError: Int32 = 0) {
        self.code = code
        self.operation = operation
        self.reason = reason ?? code.text
        self.systemError = systemError
    }

    init(_ code: CURLMcode, operation: String) {
        // Multi errors are numbered apart; all but the lack of memory are misuse.
        let memory = code == CURLM_OUT_OF_MEMORY
        // A static text of libcurl.
        let text = unsafe String(cString: curl_multi_strerror(code))
        self.init(memory ? .outOfMemory : .badArgument, operation: operation, reason: text)
    }

    public var description: String { "\(operation): \(reason) (curl \(code.rawValue), errno \(systemError))" }

    public var disposition: Disposition {
        switch CURLcode(code.rawValue) {
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CRL_BADFILE:
            .giveUp
        case CURLE_FAILED_INIT, CURLE_NOT_BUILT_IN, CURLE_BAD_FUNCTION_ARGUMENT, CURLE_UNKNOWN_OPTION,
            CURLE_ABORTED_BY_CALLBACK, CURLE_RECURSIVE_API_CALL, CURLE_SETOPT_OPTION_SYNTAX:
            .bug
        default:
            .retry
        }
    }
}

extension CurlCode {
    /// libcurl's text for the code; a static text of libcurl, also for numbers that it does not know.
    var text: String { unsafe String(cString: curl_easy_strerror(CURLcode(rawValue))) }
}
