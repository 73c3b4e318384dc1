// NFC and NFD. The standard library composes text with its own, current Unicode tables, but offers it only to callers that
// name this interface (`_Unicode`), as Foundation does. It is used here and nowhere else: the other ways are a table of
// our own, which ages, or Foundation or ICU, which the domain does not import. A toolchain that renames it breaks the
// build at this line and changes no hash in silence; the tests pin the result.
@_spi(_Unicode) import Swift

/// The text in normalisation form C (Unicode Standard Annex 15).
func canonicallyComposed(_ text: String) -> String {
    // No scalar below the combining marks is changed by NFC: most European text ends here.
    if text.unicodeScalars.allSatisfy({ $0.value < 0x300 }) { return text }
    var scalars = String.UnicodeScalarView()
    scalars.append(contentsOf: text._nfc)
    return String(scalars)
}

/// The scalars of the text in normalisation form D, marks apart from their letters.
func canonicallyDecomposed(_ text: String) -> some Sequence<Unicode.Scalar> { text._nfd }
