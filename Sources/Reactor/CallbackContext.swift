/// The two ends of a C callback's user-data pointer. The pointer is unretained: whoever registers it keeps the object
/// alive until the registration is gone.
package enum CallbackContext {
    package static func pointer(to object: AnyObject) -> UnsafeMutableRawPointer {
        unsafe Unmanaged.passUnretained(object).toOpaque()
    }

    package static func object<Object: AnyObject>(
        at pointer: UnsafeMutableRawPointer?, as type: Object.Type = Object.self
    ) -> Object {
        guard let pointer = unsafe pointer else { preconditionFailure("a C callback lost its context") }
        return unsafe Unmanaged<Object>.fromOpaque(pointer).takeUnretainedValue()
    }
}
