import Foundation
import Glibc

/// A file that only takes room: on a full disk it is given up, so that what frees room can be written.
struct Ballast: Sendable {
    let path: String
    let byteCount: Int64

    /// Whether the file stands there with all its bytes.
    var isHeld: Bool { byteCount > 0 && DiskSpace.byteCount(ofFile: path) >= byteCount }

    /// Takes the room, really and not as a hole. Without enough of it nothing stays behind.
    /// - Returns: whether it is held now.
    func take() -> Bool {
        guard byteCount > 0 else { return false }
        if isHeld { return true }
        let owner: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
        guard FileManager.default.createFile(atPath: path, contents: nil, attributes: owner),
            let file = FileHandle(forWritingAtPath: path)
        else { return false }
        let taken = posix_fallocate(file.fileDescriptor, 0, Int(byteCount)) == 0
        try? file.close()
        if !taken { release() }
        return taken
    }

    func release() { try? FileManager.default.removeItem(atPath: path) }
}
