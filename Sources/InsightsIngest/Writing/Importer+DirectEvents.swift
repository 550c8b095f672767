public import InsightsStore

/// What an importer keeps of events that come in another way than in files.
struct DirectEvents {
  /// They are all of one source, none of whose events is the copy of another.
  var source: EventWriter.Source
  var record: SourceTable.Source
  /// Kept, as it knows which streams have an error that goes on with the next event.
  var batch = LogEventBatch(defaultStream: StreamTable.Names())
}

/// Events with the place that they get.
struct PlacedEvents {
  var events: NewEvents
  /// Those of them that are stored.
  var range: Range<Int>
  var names: StreamTable.Names
}

extension Importer {
  /// Stores events under their names, which are added where they are not known.
  ///
  /// - Throws: `StoreError`; the importer is of no use then.
  public func store(_ events: NewEvents) throws(StoreError) {
    let names = StreamTable.Names(logGroup: events.logGroup, logStream: events.logStream)
    try store([PlacedEvents(events: events, range: 0..<events.count, names: names)])
  }

  /// Stores events, and commits them together.
  ///
  /// What cannot be derived from them at once is left to `derive`.
  ///
  /// - Throws: `StoreError`; nothing of them is stored then, and the importer is of no use any more.
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
      // The failure that brought us here is the one to report.
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
  /// Whether something is left to `derive`.
  func isDerivationDue() throws(StoreError) -> Bool {
    if mayHaveRepeats || !emptyStreams.isEmpty { return true }
    return try !streams.staleStreams().isEmpty
  }

  /// Merges all small segments, and makes the indexes of those that are new.
  func tidy() throws {
    try connection.transaction { try mergeSmallSegments(all: true) }
    try FieldIndexTable(connection: connection).update()
  }
}
