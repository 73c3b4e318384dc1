import Synchronization

/// One number of the registry.
final class MetricCell: Sendable {
    private let number = Atomic<Int>(0)

    var value: Int { number.load(ordering: .relaxed) }
    func add(_ amount: Int) { number.wrappingAdd(amount, ordering: .relaxed) }
    func set(_ value: Int) { number.store(value, ordering: .relaxed) }
}

/// A handle on a count that only grows. Any thread may use it.
public struct Counter: Sendable {
    let cell: MetricCell

    public func add(_ amount: Int = 1) { cell.add(amount) }
    public var value: Int { cell.value }
}

/// A handle on a number that goes up and down. Any thread may use it.
public struct Gauge: Sendable {
    let cell: MetricCell

    public func set(_ value: Int) { cell.set(value) }
    public func add(_ amount: Int) { cell.add(amount) }
    public var value: Int { cell.value }
}

/// A handle on a distribution. Any thread may use it.
public struct Histogram: Sendable {
    let bounds: [Int]
    /// One per bound, then the one beyond all bounds; not cumulative.
    let buckets: [MetricCell]
    let sum: MetricCell

    init(bounds: [Int]) {
        self.bounds = bounds
        buckets = (0...bounds.count).map { _ in MetricCell() }
        sum = MetricCell()
    }

    /// - Parameter value: in the unit of the bounds: microseconds for durations, events for batches.
    public func observe(_ value: Int) {
        var position = 0
        while position < bounds.count, value > bounds[position] { position += 1 }
        buckets[position].add(1)
        sum.add(value)
    }
}
