import RelayTestKit

/// Makes new inputs of seeds: bytes changed, cut, doubled, and pieces of other seeds put in.
struct SeedMutation {
    let seeds: [[UInt8]]
    var random: SeededRandom
    /// Bytes that mean something to one of the readers.
    private static let marks = Array("&=%+~\n\r\0\"\\{}[],:.-@ /?#;\u{7F}0919eE".utf8) + [0x80, 0xC3, 0xE2, 0xF0, 0xFF]
    private static let byteLimit = 4096

    mutating func next() -> [UInt8] {
        var bytes = seeds.randomElement(using: &random) ?? []
        for _ in 0..<Int.random(in: 1...6, using: &random) { change(&bytes) }
        return Array(bytes.prefix(Self.byteLimit))
    }

    private mutating func change(_ bytes: inout [UInt8]) {
        let place = Int.random(in: 0...bytes.count, using: &random)
        let end = min(bytes.count, place + Int.random(in: 0...24, using: &random))
        switch Int.random(in: 0..<7, using: &random) {
        case 0: bytes.replaceSubrange(place..<end, with: [])
        case 1: bytes.insert(contentsOf: bytes[place..<end], at: place)
        case 2: bytes.insert(Self.marks.randomElement(using: &random) ?? 0, at: place)
        case 3: bytes.replaceSubrange(place..<end, with: piece())
        case 4: bytes.removeSubrange(end...)
        case 5: if place < bytes.count { bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random) }
        default: if place < bytes.count { bytes[place] = Self.marks.randomElement(using: &random) ?? 0 }
        }
    }

    private mutating func piece() -> ArraySlice<UInt8> {
        guard let other = seeds.randomElement(using: &random) else { return [] }
        let start = Int.random(in: 0...other.count, using: &random)
        return other[start...].prefix(Int.random(in: 0...40, using: &random))
    }
}
