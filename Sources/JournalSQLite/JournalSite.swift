import Foundation

/// A look at the place where a journal is to stand, before there is one. It makes and changes nothing.
public enum JournalSite {
    /// What keeps a journal from standing there, in one sentence; nil when nothing does.
    public static func fault(path: String, allowsVolatile: Bool) -> String? {
        let files = FileManager.default
        var place = URL(fileURLWithPath: path).standardizedFileURL
        // What is missing is made at start: the nearest directory that is there decides.
        while !files.fileExists(atPath: place.path), place.path != "/" { place.deleteLastPathComponent() }
        place.resolveSymlinksInPath()
        let attributes = try? files.attributesOfItem(atPath: place.path)
        guard attributes?[.type] as? FileAttributeType == .typeDirectory else {
            return "\(place.path) is no directory"
        }
        guard files.isWritableFile(atPath: place.path), files.isExecutableFile(atPath: place.path) else {
            return "this user may not write to \(place.path)"
        }
        guard !allowsVolatile else { return nil }
        let device = attributes?[.systemNumber] as? NSNumber
        return device.flatMap { FileSystemKind.unsuitable(device: $0.uint64Value) }.map {
            "\(place.path) is on \($0), which does not keep a journal: name a volume, or set journal.allow_volatile"
        }
    }
}
