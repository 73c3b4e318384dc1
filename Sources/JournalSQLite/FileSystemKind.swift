import Foundation

/// Which kind of file system a device is, by the kernel's table of mounts (`proc(5)`, `mountinfo`).
package enum FileSystemKind {
    /// Kinds that are gone with the machine or the container, or lack the shared memory that a write-ahead log needs.
    private static let unsuitable: Set<String> = [
        "tmpfs", "ramfs", "devtmpfs", "overlay", "aufs", "squashfs", "nfs", "nfs4", "cifs", "smb3",
        "9p", "fuse.sshfs", "fuse.s3fs", "fuse.gcsfuse", "fuse.goofys", "fuse.rclone",
    ]

    /// The kind, where it is unfit for a journal; nil where it is fit, or unknown.
    static func unsuitable(device: UInt64) -> String? {
        guard let mounts = FileManager.default.contents(atPath: "/proc/self/mountinfo") else { return nil }
        let kind = kind(device: device, mounts: String(decoding: mounts, as: UTF8.self))
        return kind.flatMap { unsuitable.contains($0) ? $0 : nil }
    }

    /// Reads lines like `36 35 98:0 /root /mount options - ext4 /dev/sda ...`; what precedes the dash varies in length.
    package static func kind(device: UInt64, mounts: String) -> String? {
        let number = "\(major(device)):\(minor(device))"
        for line in mounts.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count > 2, fields[2] == number, let dash = fields.firstIndex(of: "-") else { continue }
            return fields.indices.contains(dash + 1) ? String(fields[dash + 1]) : nil
        }
        return nil
    }

    /// The C library's encoding of device numbers (`makedev(3)`).
    private static func major(_ device: UInt64) -> UInt64 { device >> 8 & 0xfff | device >> 32 & ~0xfff }
    private static func minor(_ device: UInt64) -> UInt64 { device & 0xff | device >> 12 & ~0xff }
}
