import RelayModel
import WireCodec

// The `uaa`, `uafvl`, ... parameters (`ga4-wire.md`), as the object that sGTM makes of them.
extension GA4EventWriter {
    /// `client_hints{architecture, ..., full_version_list[{brand, version}]}`.
    func writeClientHints(_ parameters: [GA4Parameter], _ tape: inout EventTape) {
        guard parameters.contains(where: { !$0.value.isEmpty && $0.place.isClientHint }) else { return }
        tape.key("client_hints")
        tape.openObject()
        for parameter in parameters where !parameter.value.isEmpty {
            switch parameter.place {
            case .clientHint(let name):
                tape.key(name)
                tape.string(parameter.value)
            case .clientHintFlag(let name):
                tape.key(name)
                tape.bool(tape.matches(parameter.value, "1"))
            case .brandList: writeBrands(parameter.value, &tape)
            default: break
            }
        }
        tape.close()
    }

    /// `brand;version|brand;version`, each part escaped once more (`ga4-wire.md` 1.4, `uafvl`).
    private func writeBrands(_ list: TextRef, _ tape: inout EventTape) {
        tape.key("full_version_list")
        tape.openArray()
        for entry in pieces(of: list, at: UInt8(ascii: "|"), on: tape).prefix(16) {
            let parts = pieces(of: entry, at: UInt8(ascii: ";"), on: tape)
            guard let brand = parts.first else { continue }
            tape.openObject()
            tape.key("brand")
            tape.string(tape.percentDecoded(brand))
            if parts.count > 1 {
                tape.key("version")
                tape.string(tape.percentDecoded(parts[1]))
            }
            tape.close()
        }
        tape.close()
    }
}

extension GA4Place {
    fileprivate var isClientHint: Bool {
        switch self {
        case .clientHint, .clientHintFlag, .brandList: true
        default: false
        }
    }
}

/// The parts of a text between separators; empty ones are left out.
func pieces(of text: TextRef, at separator: UInt8, on tape: borrowing EventTape) -> [TextRef] {
    tape[text].split(separator: separator).map { part in
        TextRef(start: UInt32(part.startIndex), count: UInt32(part.count))
    }
}
