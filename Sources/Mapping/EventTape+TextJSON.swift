import RelayModel
import WireCodec

extension EventTape {
    /// A value that may stand in a text: a text that begins as a JSON array or object does is read as such.
    /// - Returns: the value itself where it is no such text; nil where the text is not valid JSON.
    mutating func unwrapped(_ node: TapeNode) -> TapeNode? {
        let text = trimmed(string(node))
        guard !text.isEmpty else { return node }
        let first = self.text[text.range.lowerBound]
        guard first == UInt8(ascii: "[") || first == UInt8(ascii: "{") else { return node }
        // `contents` is a list of flat objects; a little more is taken.
        return JSONTextReader.read(text, maximumDepth: 6, on: &self)
    }
}
