// Trampolines: libcurl's way back into Swift. The context is the running `Transfer`, which its loop keeps alive from
// before the handle joins the multi until after it has left.

/// `CURLOPT_WRITEFUNCTION`. Anything but the offered count ends the transfer.
func onCurlBody(
    bytes: UnsafeMutablePointer<CChar>?, size: Int, count: Int, context: UnsafeMutableRawPointer?
) -> Int {
    guard let context = unsafe context else { return 0 }
    let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    return unsafe transfer.takeBody(UnsafeRawBufferPointer(start: bytes, count: size * count))
}

/// `CURLOPT_HEADERFUNCTION`: one whole line for each call.
func onCurlHeader(
    bytes: UnsafeMutablePointer<CChar>?, size: Int, count: Int, context: UnsafeMutableRawPointer?
) -> Int {
    guard let context = unsafe context else { return 0 }
    let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    return unsafe transfer.takeHeader(UnsafeRawBufferPointer(start: bytes, count: size * count))
}
