internal import InsightsModel
internal import InsightsStore
internal import InsightsText

/// Detects by its events that a file is the beginning of a longer stored one.
///
/// The longer file is known only by the hash of its whole content.
struct StoredBeginning {
  let events: StoredEvents
  let streams: StreamTable

  /// Returns the file as a source that precedes the longer one; `nil` if it is not its beginning.
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
    // Only the last event can have been truncated.
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
