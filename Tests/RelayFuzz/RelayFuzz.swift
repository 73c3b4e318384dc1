// RelayFuzz: libFuzzer's entry to the targets of `FuzzTargets`, built by `deploy/fuzz/run.sh` with sanitizers and
// `LIBFUZZER` set. Built like any other target it runs the named files once, to look at a finding in a debugger.
//
//     relay-fuzz TARGET [libFuzzer's options and folders, or files]

import FuzzTargets
import Glibc

@main
enum RelayFuzz {
    static func main() {
        guard CommandLine.arguments.count > 1, let target = FuzzTarget(rawValue: CommandLine.arguments[1]) else {
            let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: " ")
            complain("usage: relay-fuzz TARGET ...; targets: \(names)")
            exit(64)
        }
        exit(run(target))
    }

    fileprivate static func complain(_ text: String) {
        let line = Array("relay-fuzz: \(text)\n".utf8)
        write(STDERR_FILENO, line, line.count)
    }

    /// One input. A broken promise ends the process, as a trap in the relay's own code does.
    fileprivate static func run(_ input: Span<UInt8>, in room: any FuzzRoom) {
        do throws(FuzzFinding) { try room.run(input) } catch { fatalError("finding: \(error)") }
    }
}

#if LIBFUZZER
    /// libFuzzer's own main function.
    @_silgen_name("LLVMFuzzerRunDriver")
    private func runDriver(
        _ count: UnsafeMutablePointer<CInt>,
        _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
        _ runOne: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
    ) -> CInt

    /// Written once, before libFuzzer starts; it runs its inputs one after the other on the same thread.
    nonisolated(unsafe) private var room: any FuzzRoom = FuzzTarget.query.makeRoom()

    extension RelayFuzz {
        fileprivate static func run(_ target: FuzzTarget) -> CInt {
            room = target.makeRoom()
            // The target's name is ours; libFuzzer gets what stands around it.
            var arguments = CommandLine.unsafeArgv
            var count = CommandLine.argc - 1
            for index in 1...Int(count) { arguments[index] = arguments[index + 1] }
            return runDriver(&count, &arguments) { bytes, count in
                RelayFuzz.run(UnsafeBufferPointer(start: bytes, count: count).span, in: room)
                return 0
            }
        }
    }
#else
    extension RelayFuzz {
        fileprivate static func run(_ target: FuzzTarget) -> CInt {
            let room = target.makeRoom()
            for path in CommandLine.arguments.dropFirst(2) {
                guard let bytes = bytes(of: path) else {
                    complain("cannot read \(path)")
                    return 66
                }
                run(bytes.span, in: room)
                print("\(target.rawValue) \(path): \(bytes.count) bytes, no finding")
            }
            return 0
        }

        private static func bytes(of path: String) -> [UInt8]? {
            guard let file = fopen(path, "rb") else { return nil }
            defer { fclose(file) }
            var bytes: [UInt8] = []
            while case let byte = getc(file), byte != EOF { bytes.append(UInt8(truncatingIfNeeded: byte)) }
            return bytes
        }
    }
#endif
