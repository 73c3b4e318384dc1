import Foundation
import Glibc
import Synchronization

/// Named places at which a process can be made to die, for the tests of what a crash leaves behind. Debug builds alone
/// have them; the tests say how they are asked for.
enum CrashPoint: String, Sendable {
    case beforeWrite = "before-write"
    case beforeSync = "before-sync"
    case beforeAnswer = "before-answer"
    case beforeDelete = "before-delete"
    case inCheckpoint = "in-checkpoint"
    case inMigration = "in-migration"

    #if DEBUG
        private struct Plan: Sendable {
            var point: CrashPoint
            var left: Int
        }

        private static let plan = Mutex<Plan?>(
            {
                let words = ProcessInfo.processInfo.environment["PINRELAY_CRASH_AT"]?.split(separator: ":") ?? []
                guard let word = words.first, let point = CrashPoint(rawValue: String(word)) else { return nil }
                return Plan(point: point, left: words.count > 1 ? Int(words[1]) ?? 1 : 1)
            }())

        /// Whether the process is to die at this passage of the point; each question counts as a passage.
        var isReached: Bool {
            Self.plan.withLock { plan in
                guard plan?.point == self else { return false }
                plan?.left -= 1
                return plan?.left == 0
            }
        }

        static func die() { kill(getpid(), SIGKILL) }

        /// Dies a moment later, in the middle of what follows.
        static func dieSoon() {
            Thread {
                usleep(UInt32.random(in: 0...2000))
                die()
            }.start()
        }
    #else
        var isReached: Bool { false }
        static func die() {}
        static func dieSoon() {}
    #endif

    /// Dies here when it is asked for.
    func pass() {
        if isReached { Self.die() }
    }
}
