import CLibevent
import Glibc

// libevent's callbacks: each finds the object that was given as its context and calls one method. The contexts are
// unretained; their owners take the events back before they go.
func onTimerDue(_: Int32, _: Int16, context: UnsafeMutableRawPointer?) {
    let timer: LoopTimer = unsafe CallbackContext.object(at: context)
    timer.fire()
}

func onWakeup(_: Int32, _: Int16, context: UnsafeMutableRawPointer?) {
    let wakeup: Wakeup = unsafe CallbackContext.object(at: context)
    wakeup.wake()
}

func onLibeventLog(severity: Int32, message: UnsafePointer<CChar>?) {
    guard let message = unsafe message else { return }
    unsafe LibeventLog.record(severity: severity, message: message)
}

func onLibeventFatal(code: Int32) {
    LibeventRuntime.stopProgram(code: code)
}

func onThreadStart(context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    unsafe ThreadBody.take(from: context)()
    return nil
}
