internal import InsightsScan
internal import InsightsSQLite
public import InsightsModel
internal import InsightsStore

/// The importer's state for events that do not come from files.
struct DirectEvents {
  /// One source for all of them; its events are never duplicates of each other.
  var source: EventWriter.Source
  var record: SourceTable.Source
  /// Kept, because it knows which streams have an error that continues in the next event.
  var batch = LogEventBatch(defaultStream: StreamTable.Names())
}

/// Events with their stream and source.
struct PlacedEvents {
  var events: NewEvents
  /// The range of the events that are stored.
  var range: Range<Int>
  var names: StreamTable.Names
}

extension Importer {
  /// Stores events under their names; unknown streams are created.
  ///
  /// - Throws: `StoreError`; the importer is unusable afterwards.
  public func store(_ events: NewEvents) throws(StoreError) {
    let names = StreamTable.Names(logGroup: events.logGroup, logStream: events.logStream)
    try store([PlacedEvents(events: events, range: 0..<events.count, names: names)])
  }

  /// Stores events, and commits them together.
  ///
  /// Rows that cannot be derived immediately are left to `derive`.
  ///
  /// - Throws: `StoreError`; none of them is stored then, and the importer is unusable.
  func store(_ placed: [PlacedEvents]) throws(StoreError) {
    try connection.execute("BEGIN IMMEDIATE")
    do throws(StoreError) {
      followed?.beginRun(nextPosition: writer.nextPosition)
      try liveDerivation.beginRun(followed?.derivations)
      var direct: DirectEvents
      if let known = self.direct { direct = known } else { direct = try makeDirect() }
      self.direct = nil
      for part in placed {
        let events = part.events
        var names = part.names
        if !events.attributes.isEmpty {
          names.attributes = StreamTable.Attributes(events.attributes)
        }
        let stream = direct.batch.stream(names)
        for index in part.range {
          let message = direct.batch.append(text: events.message(index))
          direct.batch.append(
            LogEventBatch.Event(
              timestamp: events.timestamps[index], ingestionTime: events.ingestionTime,
              stream: stream, message: message))
        }
      }
      try writer.write(direct.batch, of: &direct.source)
      direct.batch.removeEvents()
      direct.record.eventCount = direct.source.eventCount
      try writer.reach(direct.record)
      try writer.endSource()
      try writer.flush()
      try mergeSmallSegments(all: false)
      try liveDerivation.endRun()
      try connection.execute("COMMIT")
      self.direct = direct
    } catch {
      // Report the original error, not one of the rollback.
      try? connection.execute("ROLLBACK")
      followed?.forget()
      throw error
    }
    if try liveDerivation.mayHaveRepeats() { mayHaveRepeats = true }
    keepDerivations()
  }

  private func makeDirect() throws(StoreError) -> DirectEvents {
    let record = try sources.sourceWithoutFile(
      path: "PutLogEvents", logFormat: "api", firstPosition: writer.nextPosition)
    var source = EventWriter.Source(
      id: record.rootID, storedEvents: [], eventCount: record.eventCount)
    source.keepsCopies = true
    return DirectEvents(source: source, record: record)
  }
}

extension Importer {
  /// Whether `derive` has to be called.
  func isDerivationDue() throws(StoreError) -> Bool {
    if mayHaveRepeats || !emptyStreams.isEmpty { return true }
    return try !streams.staleStreams().isEmpty
  }

  /// Merges all small segments, and builds the field indexes of new ones.
  func tidy() throws {
    try connection.transaction { try mergeSmallSegments(all: true) }
    try FieldIndexTable(connection: connection).update()
  }
}
