/// Carries a value that belongs to one loop through code that runs elsewhere: it can be passed around freely, but
/// opened only on its loop.
public struct LoopBound<Value>: @unchecked Sendable {  // each access checks the thread
    private let loop: EventLoop
    private let bound: Value

    public init(_ value: Value, on loop: EventLoop) {
        loop.assertOnLoop()
        self.loop = loop
        bound = value
    }

    public var value: Value {
        loop.assertOnLoop()
        return bound
    }
}
