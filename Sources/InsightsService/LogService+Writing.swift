internal import InsightsIngest
internal import InsightsStore

extension LogService {
  /// Stores events, and returns when they are on the disk: how many of the first are older than their
  /// group keeps them, and were not stored.
  func store(_ events: NewEvents) throws -> Int {
    try refusing { try $0.store(events) }
  }

  /// Changes the store.
  func write<Value: Sendable>(
    _ body: @escaping @Sendable (LogStoreEditor) throws -> Value
  ) throws -> Value {
    try refusing { try $0.change(body) }
  }

  /// Changes what is known of a log group beside its events.
  func changeGroup(
    _ name: String, _ body: @escaping @Sendable (inout LogGroupProperties) throws -> Void
  ) throws {
    try write { try $0.changeGroup(name, body) }
  }

  /// Keeps a document in the store, in the place of one of its kind and name.
  func put(_ document: StoredDocument) throws {
    try write { try $0.store.put(document) }
  }

  /// Removes a document from the store; false where there is none.
  func removeDocument(kind: String, named name: String) throws -> Bool {
    try write { try $0.store.removeDocument(kind: kind, named: name) }
  }

  /// Does something with the writer, and tells refusals as AWS does.
  private func refusing<Value>(_ body: (LogWriter) throws -> Value) throws -> Value {
    guard let writer else {
      throw AWSError("AccessDeniedException", "this server is read-only (--read-only)")
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
