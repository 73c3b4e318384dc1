// RelayBench: what one event costs in the rooms without I/O, for `make bench` and `make budget`. One thread, one
// 843-byte Segment order, each stage timed over many runs; the median of several rounds is shown.

@main
enum RelayBench {
    static func main() throws {
        let words = CommandLine.arguments.dropFirst()
        switch (words.first, words.count) {
        case ("fill-journal", 4):
            let numbers = words.suffix(2).compactMap { Int($0) }
            return try JournalBench.fill(words[2], events: numbers[0], eventsPerBlock: max(1, numbers[1]))
        case ("stage", 3): return try runStage(words[2], runs: Int(words[3]) ?? 0)
        default: break
        }
        let rounds = 7
        let perRound = 100_000
        var stages = try StageRig()
        print("stage (one 843-byte Segment order, one thread)    ns per event")
        for stage in StageRig.Stage.allCases {
            let times = (0..<rounds).map { _ in stages.nanoseconds(stage, runs: perRound) }.sorted()
            print("  \(stage.title)" + String(repeating: " ", count: 46 - stage.title.count) + "\(times[rounds / 2])")
        }
    }

    /// Runs one stage and prints nothing: `deploy/bench/budget.py` counts what it does.
    private static func runStage(_ name: String, runs: Int) throws {
        if let stage = QueueStage(rawValue: name) { return try stage.run(events: runs) }
        guard let stage = StageRig.Stage(rawValue: name) else { throw UnknownStage(name: name) }
        var stages = try StageRig()
        _ = stages.nanoseconds(stage, runs: runs)
    }
}

struct UnknownStage: Error {
    let name: String
}
