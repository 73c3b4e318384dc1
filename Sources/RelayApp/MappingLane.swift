import Journal
import Mapping
import RelayModel
import Settings

/// Destinations of one source for which events are mapped alike: an event is mapped once for all of them.
struct MappingLane {
    var destinations: [DestinationIndex]
    var mapping: MappingTable
}

extension RelaySettings {
    /// The lanes of a source: its destinations, grouped by the entries of `mappings` that hold for them.
    func lanes(of source: Int) -> [MappingLane] {
        var lanes: [(entries: [Int], destinations: [DestinationIndex])] = []
        for destination in sources[source].destinations {
            let entries = mappings.indices.filter {
                mappings[$0].sources.contains(source) && mappings[$0].destinations.contains(destination)
            }
            if let index = lanes.firstIndex(where: { $0.entries == entries }) {
                lanes[index].destinations.append(destination)
            } else {
                lanes.append((entries, [destination]))
            }
        }
        return lanes.map { lane in
            let table = MappingTable(MappingSettings(sources[source]), rules: lane.entries.map { mappings[$0].rule })
            return MappingLane(destinations: lane.destinations, mapping: table)
        }
    }
}

extension EventPipeline {
    /// Keeps what a mapping of the configuration could not make: names and ids, and what the mapping says.
    func bury(
        _ failure: MappingFailure, of event: SourceEvent, _ source: Int, _ lane: MappingLane,
        _ tape: borrowing EventTape, _ yield: inout Yield
    ) {
        let name =
            switch failure.eventName {
            case .standard(let event): event.apiName.description
            case .advertiserDefined(let text): tape.copyString(text)
            case nil: DeadLetter.masked(tape.copyString(event.name))
            }
        for destination in lane.destinations {
            yield.deadLetters.append(
                DeadLetter(
                    destination: destination, source: rooms[source].name, eventName: name,
                    eventID: DeadLetter.masked(tape.copyString(event.messageID)), eventTime: 0,
                    reason: .mappingFault,
                    message: "mapping \(failure.mapping): \(failure.message.prefix(300))", attempts: 0, json: []))
        }
        yield.results?.end(.rejected(.mappingFault))
        note(event, source, .dead(.mappingFault), tape)
    }
}
