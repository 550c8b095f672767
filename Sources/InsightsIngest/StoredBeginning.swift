internal import InsightsStore
internal import InsightsText

/// Finds out that a file is the beginning of a longer one that is stored, by its events.
///
/// Of the longer file only the whole is known by its bytes.
struct StoredBeginning {
  let events: StoredEvents
  let streams: StreamTable

  /// The file as a source that was stored before the longer one; `nil` where it is no beginning of
  /// it.
  ///
  /// `lineage` is the longer source and those that it begins with.
  func source(
    of input: InputEvents, in longer: SourceTable.Source, lineage: [SourceTable.Source]
  ) throws(StoreError) -> SourceTable.Source? {
    let cursor = SourceCursor(
      of: longer.rootID, at: lineage.map(\.positions), in: events, streams: streams)
    input.begin(
      defaultStream: StreamTable.Names(
        logGroup: longer.logGroup, logStream: longer.logStream))
    var count = 0
    var end = longer.positions.lowerBound
    // An event that was cut can only be the last.
    var isCut = false
    while input.readPiece() {
      for event in input.batch.events {
        guard !isCut, let match = try compare(event, of: input.batch, with: cursor) else {
          return nil
        }
        count += 1
        end = max(end, match.position + 1)
        isCut = !match.isWhole
      }
    }
    guard count > 0, input.file.damage == nil else { return nil }
    var source = longer
    source.byteCount = input.position
    source.contentHash = input.hash.text
    source.eventCount = count
    source.skippedCount = min(longer.skippedCount, count)
    source.positions = longer.positions.lowerBound..<end
    return source
  }

  private func compare(
    _ event: LogEventBatch.Event, of batch: LogEventBatch, with cursor: SourceCursor
  ) throws(StoreError) -> (position: Int64, isWhole: Bool)? {
    let names = batch.streams[event.stream]
    let match = try cursor.next { stored -> (position: Int64, isWhole: Bool)? in
      batch.withTexts { texts in
        let message = texts[event.message]
        let time = event.timestamp ?? Timestamp.parseISO8601(message)?.milliseconds
        guard stored.names == names, stored.timestamp == time,
          message.count <= stored.message.count,
          stored.message.holds(message, in: 0..<message.count)
        else { return nil }
        return (stored.position, message.count == stored.message.count)
      }
    }
    return match ?? nil
  }
}
