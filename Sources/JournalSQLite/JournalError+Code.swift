extension JournalError {
    /// A short word for health and metrics: what failed, with the C number where there is one; no path.
    public var code: String {
        switch self {
        case .directory(_, _, let errno): "directory_errno_\(errno)"
        case .unsuitableFileSystem: "unsuitable_file_system"
        case .alreadyOpen: "already_open"
        case .noJournal: "no_journal"
        case .newerSchema: "newer_schema"
        case .notDurable: "not_durable"
        case .setting: "setting"
        case .store(_, let code): "sqlite_\(code)"
        }
    }
}
