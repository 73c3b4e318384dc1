import CLibevent
import Reactor

// evhttp's callbacks: each finds the object that was given as its context and calls one method. The contexts are
// unretained; the server takes its callbacks back, or frees evhttp, before it goes.
func onEvhttpConnection(_: OpaquePointer?, context: UnsafeMutableRawPointer?) -> OpaquePointer? {
    let server: IngressServer = unsafe CallbackContext.object(at: context)
    return unsafe server.makeBufferevent()
}

func onEvhttpRequest(request: OpaquePointer?, context: UnsafeMutableRawPointer?) {
    let server: IngressServer = unsafe CallbackContext.object(at: context)
    if let request = unsafe request { unsafe server.received(request) }
}

func onEvhttpReplied(_: OpaquePointer?, context: UnsafeMutableRawPointer?) {
    let connection: IngressConnection = unsafe CallbackContext.object(at: context)
    connection.server.replied(connection)
}

func onEvhttpClosed(evcon: OpaquePointer?, context: UnsafeMutableRawPointer?) {
    let connection: IngressConnection = unsafe CallbackContext.object(at: context)
    if let evcon = unsafe evcon { unsafe connection.server.closed(evcon) }
}

func onEvhttpInput(_: OpaquePointer?, change: UnsafePointer<evbuffer_cb_info>?, context: UnsafeMutableRawPointer?) {
    guard let change = unsafe change, unsafe change.pointee.n_added > 0 else { return }
    let connection: IngressConnection = unsafe CallbackContext.object(at: context)
    connection.received(byteCount: unsafe change.pointee.n_added)
}

func onEvhttpOutput(output: OpaquePointer?, change: UnsafePointer<evbuffer_cb_info>?, context: UnsafeMutableRawPointer?)
{
    guard let output = unsafe output, let change = unsafe change, unsafe change.pointee.n_added > 0 else { return }
    let connection: IngressConnection = unsafe CallbackContext.object(at: context)
    unsafe connection.writes(to: output, at: change.pointee.orig_size)
}

/// Out of descriptors, as a rule. The listener would stay readable and spin; the next sweep wakes it. The argument is
/// the evhttp, which leads nowhere.
func onEvhttpAcceptError(listener: OpaquePointer?, _: UnsafeMutableRawPointer?) {
    if let listener = unsafe listener { unsafe evconnlistener_disable(listener) }
    IngressCounters.acceptFailed()
}
