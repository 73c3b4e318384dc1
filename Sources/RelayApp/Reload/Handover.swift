import Synchronization

/// Carries a value that no thread owns yet to the one that will.
final class Handover<Value>: Sendable {
    private let box: Mutex<Value?>

    init(_ value: consuming sending Value) { box = Mutex(value) }

    /// The value, to whoever comes first.
    func take() -> sending Value? {
        box.withLock { value in
            let taken = value
            value = nil
            return taken
        }
    }
}
