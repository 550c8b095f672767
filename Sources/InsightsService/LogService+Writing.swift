internal import InsightsIngest
internal import InsightsStore

extension LogService {
  /// Stores events; returns, when they are on disk, how many at the start were older than the
  /// group's retention and were not stored.
  func store(_ events: NewEvents) throws -> Int {
    try refusing { try $0.store(events) }
  }

  /// Edits the store.
  func write<Value: Sendable>(
    _ body: @escaping @Sendable (LogStoreEditor) throws -> Value
  ) throws -> Value {
    try refusing { try $0.change(body) }
  }

  /// Changes the properties of a log group.
  func changeGroup(
    _ name: String, _ body: @escaping @Sendable (inout LogGroupProperties) throws -> Void
  ) throws {
    try write { try $0.changeGroup(name, body) }
  }

  /// Saves a document in the store; it replaces one with the same kind and name.
  func put(_ document: StoredDocument) throws {
    try write { try $0.store.put(document) }
  }

  /// Deletes a document from the store; returns false if there is none.
  func removeDocument(kind: String, named name: String) throws -> Bool {
    try write { try $0.store.removeDocument(kind: kind, named: name) }
  }

  /// Uses the writer, and converts refusals to AWS's errors.
  private func refusing<Value>(_ body: (LogWriter) throws -> Value) throws -> Value {
    guard let writer else {
      throw AWSError(
        "AccessDeniedException", "this server is read-only (\(options.readOnlyReason))")
    }
    do {
      return try body(writer)
    } catch let refusal as LogStoreEditor.Refusal {
      switch refusal {
      case .groupMissing: throw AWSError.logGroupMissing
      case .streamMissing: throw AWSError.logStreamMissing
      case .groupExists:
        throw AWSError(
          "ResourceAlreadyExistsException", "The specified log group already exists")
      case .streamExists:
        throw AWSError(
          "ResourceAlreadyExistsException", "The specified log stream already exists")
      case .protected:
        throw AWSError(
          "ValidationException",
          "The log group is protected against being deleted: PutLogGroupDeletionProtection says otherwise."
        )
      }
    }
  }
}
