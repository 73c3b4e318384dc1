import MappingLanguage
import Testing

@Suite("MappingValue")
struct MappingValueTests {
    @Test("objects that differ in the order of their keys only are different mappings")
    func orderCounts() {
        let one = MappingValue.object([MappingMember("a", .null), MappingMember("b", .bool(true))])
        let other = MappingValue.object([MappingMember("b", .bool(true)), MappingMember("a", .null)])
        #expect(one != other)
    }
}
