public import InsightsStore

/// Changes a store that its `LogWriter` has open; of use only where that hands it out.
public final class LogStoreEditor {
  /// Why something was not done that the store could do.
  public enum Refusal: Error, Hashable, Sendable {
    case groupExists, groupMissing, streamExists, streamMissing
    /// The group must not be removed.
    case protected
  }

  /// For documents, and for what is read before it is changed.
  public let store: Store
  private let importer: Importer
  private let groups: LogGroupTable

  init(store: Store, importer: Importer) {
    self.store = store
    self.importer = importer
    groups = LogGroupTable(connection: store.connection)
  }

  /// Makes a log group.
  ///
  /// - Throws: `Refusal`, `StoreError`.
  public func createGroup(
    _ name: String, properties: LogGroupProperties = LogGroupProperties(), at time: Int64
  ) throws {
    guard try groups.addGroup(name, properties: properties, at: time) else {
      throw Refusal.groupExists
    }
  }

  /// Changes what the API was told of a log group.
  ///
  /// - Throws: `Refusal`, `StoreError`.
  public func changeGroup(_ name: String, _ body: (inout LogGroupProperties) throws -> Void) throws
  {
    guard let group = try store.logGroup(named: name) else { throw Refusal.groupMissing }
    var properties = group.properties
    try body(&properties)
    _ = try groups.setProperties(properties, ofGroup: name)
  }

  /// Makes a log stream.
  ///
  /// - Throws: `Refusal`, `StoreError`.
  public func createStream(_ name: String, inGroup group: String, at time: Int64) throws {
    guard try store.logGroup(named: group) != nil else { throw Refusal.groupMissing }
    guard let id = try groups.addStream(name, toGroup: group, at: time) else {
      throw Refusal.streamExists
    }
    importer.writer.noteEmpty(id)
  }

  /// Removes a log group with all its streams and events.
  ///
  /// - Throws: `Refusal`, `StoreError`.
  public func deleteGroup(_ name: String) throws {
    guard let group = try store.logGroup(named: name) else { throw Refusal.groupMissing }
    guard !group.properties.isDeletionProtected else { throw Refusal.protected }
    try remove(try groups.streamIDs(ofGroup: name))
    try groups.removeGroup(name)
  }

  /// Removes a log stream with all its events.
  ///
  /// - Throws: `Refusal`, `StoreError`.
  public func deleteStream(_ name: String, ofGroup group: String, at time: Int64) throws {
    guard let found = try store.logGroup(named: group) else { throw Refusal.groupMissing }
    guard !found.properties.isDeletionProtected else { throw Refusal.protected }
    let ids = try groups.streamIDs(ofGroup: group, named: name)
    guard !ids.isEmpty else { throw Refusal.streamMissing }
    // The group stays, also without streams.
    try groups.keepGroup(group, at: time)
    try remove(ids)
  }

  /// Removes streams with their events, invocations and errors.
  private func remove(_ ids: Set<Int64>) throws {
    try importer.liveDerivation.beginRun(importer.followed?.derivations)
    try store.connection.transaction {
      let sources = try importer.storedEvents.removeEvents(ofStreams: ids)
      // What files they came from is to be read again if it comes again.
      try importer.sources.forgetContent(ofRoots: sources)
      try groups.forgetMaking(ofStreams: ids)
      for id in ids.sorted() { try importer.liveDerivation.abandon(id) }
      try importer.writer.flush()
    }
    importer.emptyStreams.formUnion(ids)
    try importer.derive()
  }
}
