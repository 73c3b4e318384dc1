import CLibevent
import Synchronization

/// What libevent has to say, kept until somebody asks.
///
/// libevent may log millions of lines a second and must not be called back from its log callback, so the callback only
/// copies the line into a short list; whoever owns the program's log empties it from time to time. A full list counts
/// what it turns away.
public enum LibeventLog {
    public struct Entry: Sendable, Equatable {
        public var isError: Bool
        /// At most 200 bytes.
        public var message: String
    }

    public struct Batch: Sendable {
        public var entries: [Entry] = []
        /// Lines that came while the list was full.
        public var suppressed: UInt64 = 0
    }

    private static let capacity = 32
    private static let longestMessage = 200
    private static let pending = Mutex(Batch())

    /// Takes all entries since the last call. From any thread.
    public static func take() -> Batch {
        pending.withLock { pending in
            defer { pending = Batch() }
            return pending
        }
    }

    static func record(severity: Int32, message: UnsafePointer<CChar>) {
        guard severity >= EVENT_LOG_WARN else { return }
        pending.withLock { pending in
            guard pending.entries.count < capacity else {
                pending.suppressed &+= 1
                return
            }
            let text = unsafe String(cString: message).prefix(longestMessage)
            pending.entries.append(Entry(isError: severity >= EVENT_LOG_ERR, message: String(text)))
        }
    }
}
