import CRelayShims
import Glibc

/// What the system allows the whole process. Set once, before threads and sockets are made.
public enum ProcessLimits {
    /// A crash leaves no core dump: it would hold tokens and personal data in clear.
    /// - Returns: false where the system refuses.
    public static func forbidCoreDumps() -> Bool { relay_forbid_core_dumps() == 0 }

    /// Raises the limit of open files where it is lower than needed.
    /// - Returns: the limit in force.
    public static func raiseOpenFiles(to needed: Int) -> Int {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard unsafe getrlimit(resource, &limit) == 0 else { return 0 }
        let wanted = min(rlim_t(max(0, needed)), limit.rlim_max)
        if limit.rlim_cur < wanted {
            limit.rlim_cur = wanted
            _ = unsafe setrlimit(resource, &limit)
            _ = unsafe getrlimit(resource, &limit)
        }
        return Int(clamping: limit.rlim_cur)
    }
}
