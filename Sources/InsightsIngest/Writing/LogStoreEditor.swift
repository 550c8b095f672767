internal import InsightsSQLite
public import InsightsStore

/// Edits a store that a `LogWriter` has open; valid only inside the closure that receives it.
public final class LogStoreEditor {
  /// Why a request was refused although the store could do it.
  public enum Refusal: Error, Hashable, Sendable {
    case groupExists, groupMissing, streamExists, streamMissing
    /// The group must not be deleted.
    case protected
  }

  /// The store, for documents, and for reading before an edit.
  public let store: Store
  private let importer: Importer
  private let groups: LogGroupTable

  init(store: Store, importer: Importer) {
    self.store = store
    self.importer = importer
    groups = LogGroupTable(connection: store.connection)
  }

  /// Creates a log group at `time` (epoch milliseconds).
  ///
  /// - Throws: `Refusal`, `StoreError`.
  public func createGroup(
    _ name: String, properties: LogGroupProperties = LogGroupProperties(), at time: Int64
  ) throws {
    guard try groups.addGroup(name, properties: properties, at: time) else {
      throw Refusal.groupExists
    }
  }

  /// Changes the API's properties of a log group.
  ///
  /// - Throws: `Refusal`, `StoreError`.
  public func changeGroup(_ name: String, _ body: (inout LogGroupProperties) throws -> Void) throws
  {
    guard let group = try store.logGroup(named: name) else { throw Refusal.groupMissing }
    var properties = group.properties
    try body(&properties)
    _ = try groups.setProperties(properties, ofGroup: name)
  }

  /// Creates a log stream at `time` (epoch milliseconds).
  ///
  /// - Throws: `Refusal`, `StoreError`.
  public func createStream(_ name: String, inGroup group: String, at time: Int64) throws {
    guard try store.logGroup(named: group) != nil else { throw Refusal.groupMissing }
    guard let id = try groups.addStream(name, toGroup: group, at: time) else {
      throw Refusal.streamExists
    }
    importer.writer.noteEmpty(id)
  }

  /// Deletes a log group with all its streams and events.
  ///
  /// - Throws: `Refusal`, `StoreError`.
  public func deleteGroup(_ name: String) throws {
    guard let group = try store.logGroup(named: name) else { throw Refusal.groupMissing }
    guard !group.properties.isDeletionProtected else { throw Refusal.protected }
    try remove(try groups.streamIDs(ofGroup: name))
    try groups.removeGroup(name)
  }

  /// Deletes a log stream with all its events.
  ///
  /// - Throws: `Refusal`, `StoreError`.
  public func deleteStream(_ name: String, ofGroup group: String, at time: Int64) throws {
    guard let found = try store.logGroup(named: group) else { throw Refusal.groupMissing }
    guard !found.properties.isDeletionProtected else { throw Refusal.protected }
    let ids = try groups.streamIDs(ofGroup: group, named: name)
    guard !ids.isEmpty else { throw Refusal.streamMissing }
    // The group stays, even without streams.
    try groups.keepGroup(group, at: time)
    try remove(ids)
  }

  /// Deletes streams with their events, invocations and errors.
  private func remove(_ ids: Set<Int64>) throws {
    try importer.liveDerivation.beginRun(importer.followed?.derivations)
    try store.connection.transaction {
      let sources = try importer.storedEvents.removeEvents(ofStreams: ids)
      // Their source files must be read again if they are ingested again.
      try importer.sources.forgetContent(ofRoots: sources)
      try groups.forgetMaking(ofStreams: ids)
      for id in ids.sorted() { try importer.liveDerivation.abandon(id) }
      try importer.writer.flush()
    }
    importer.emptyStreams.formUnion(ids)
    try importer.derive()
  }
}
