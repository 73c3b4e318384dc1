public import RelayModel
import WireCodec

/// Which GA4 stream a call or event belongs to; the application finds the configured source by it.
public enum MeasurementStream {
    /// The `tid` of a hit, or the `measurement_id` of a Measurement Protocol call; absent for an app's stream.
    public static func measurementID(of event: SourceEvent, on tape: borrowing EventTape) -> TextRef {
        tape.member(event.root, "x-ga-measurement_id").map { tape.string($0) } ?? .none
    }

    /// The `api_secret` of a Measurement Protocol call; it is no part of the event data.
    public static func apiSecret(query: TextRef, on tape: inout EventTape) -> TextRef {
        tape.queryValue(query, "api_secret")
    }
}
