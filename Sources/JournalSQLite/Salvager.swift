import Dispatch
import Foundation
import Journal
import Synchronization

/// Looks through a file that was set aside, on a thread of its own, and hands what it finds to the journal's thread, a
/// bounded piece at a time: the next one is read when that is committed.
final class Salvager: Sendable {
    private static let chunkRows = 256
    private static let chunkBytes = 1 << 20

    let file: String
    private let path: String
    private let mailbox: WriterMailbox
    private let isStopped = Atomic<Bool>(false)
    private let goOn = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)

    init(directory: String, file: String, mailbox: WriterMailbox) {
        self.file = file
        path = directory + "/" + file
        self.mailbox = mailbox
    }

    /// - Parameter place: where an earlier process came to.
    func start(after place: SalvagePlace) {
        let thread = Thread { [self] in
            run(place)
            ended.signal()
        }
        thread.name = "salvage"
        thread.start()
    }

    /// The last piece is committed.
    func taken() { goOn.signal() }

    /// Ends the thread, and waits for it.
    func stop() {
        isStopped.store(true, ordering: .releasing)
        goOn.signal()
        ended.wait()
    }

    private func run(_ start: SalvagePlace) {
        var chunk = SalvageChunk(file: file, place: start)
        guard let reader = try? SalvageReader(path: path) else {
            chunk.isLast = true
            return mailbox.post(.salvaged(chunk))
        }
        let names = reader.destinationNames()
        while !chunk.isLast, !isStopped.load(ordering: .acquiring) {
            chunk = Self.fill(SalvageChunk(file: file, place: chunk.place, names: names), from: reader)
            mailbox.post(.salvaged(chunk))
            goOn.wait()
        }
    }

    private static func fill(_ empty: SalvageChunk, from reader: SalvageReader) -> SalvageChunk {
        var chunk = empty
        var bytes = 0
        while chunk.blocks.count < chunkRows, bytes < chunkBytes {
            guard let block = reader.block(after: chunk.place.lastBlock) else {
                return fillLetters(chunk, from: reader)
            }
            chunk.place.lastBlock = block.id
            bytes += block.payload.count
            chunk.blocks.append(block)
        }
        return chunk
    }

    private static func fillLetters(_ begun: SalvageChunk, from reader: SalvageReader) -> SalvageChunk {
        var chunk = begun
        while chunk.letters.count < chunkRows {
            guard let letter = reader.letter(after: chunk.place.lastLetter) else {
                chunk.isLast = true
                return chunk
            }
            chunk.place.lastLetter = letter.id
            chunk.letters.append(letter)
        }
        return chunk
    }
}

/// How far a file has been looked through: stored with what was found.
package struct SalvagePlace: Sendable {
    var lastBlock: Int64 = 0
    var lastLetter: Int64 = 0
}

/// A piece of what was read.
package struct SalvageChunk: Sendable {
    let file: String
    var place: SalvagePlace
    /// The destinations' names by their row ids in the file.
    var names: [Int64: String] = [:]
    var blocks: [SalvagedBlock] = []
    /// Their destination is the row id, as text.
    var letters: [StoredDeadLetter] = []
    /// Nothing else can be read.
    var isLast = false
}

/// What other threads than the callers' tell the journal's thread.
package enum JournalNotice: Sendable {
    /// The file in use is damaged.
    case damaged
    case salvaged(SalvageChunk)
}
