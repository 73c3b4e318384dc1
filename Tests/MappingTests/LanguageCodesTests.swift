import Foundation
import Testing

@testable import Mapping

@Suite("Language codes")
struct LanguageCodesTests {
    private static let table = "/usr/share/iso-codes/json/iso_639-2.json"

    @Test(
        "are those of ISO 639-1 and no others", .enabled(if: FileManager.default.fileExists(atPath: table)))
    func agreeWithISO() throws {
        let data = try Data(contentsOf: URL(fileURLWithPath: Self.table))
        let root = try JSONSerialization.jsonObject(with: data) as? [String: [[String: String]]]
        let known = Set(try #require(root?["639-2"]).compactMap { $0["alpha_2"] })
        #expect(known.count > 180)
        let letters = (UInt8(ascii: "a")...UInt8(ascii: "z")).map { $0 }
        for first in letters {
            for second in letters {
                let code = String(decoding: [first, second], as: UTF8.self)
                #expect(LanguageCodes.contains(first, second) == known.contains(code), "\(code)")
            }
        }
    }
}
