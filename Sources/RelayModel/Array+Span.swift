// Copies of borrowed bytes: the places where the model touches raw memory, beside `StaticString+Bytes`.
extension Array {
    /// Appends a span's elements in one copy.
    @inlinable
    public mutating func append(copying elements: Span<Element>) {
        // The buffer is read within the closure only.
        unsafe elements.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }
}

extension Array where Element: FixedWidthInteger & BitwiseCopyable {
    /// Appends a copy of a part of this very array, without sharing its memory on the way.
    @inlinable
    public mutating func append(copyingOwn range: Range<Int>) {
        let end = count
        precondition(range.lowerBound >= 0 && range.upperBound <= end, "a part of the array")
        append(contentsOf: repeatElement(0, count: range.count))
        // Both ranges lie within the array, and the second one begins where the first one can at most end.
        unsafe withUnsafeMutableBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return }
            unsafe (base + end).update(from: base + range.lowerBound, count: range.count)
        }
    }
}
