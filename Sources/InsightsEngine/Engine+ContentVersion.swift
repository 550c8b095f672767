public import InsightsStore

extension Engine {
  /// A text that is another one whenever events, log streams or their names have changed.
  public func contentVersion() throws(StoreError) -> String { try store.contentVersion() }

  /// The bytes of all messages.
  public func messageByteCount() throws(StoreError) -> Int64 { try store.messageByteCount() }

  /// The named log groups, with or without events, in the order of their names' bytes.
  public func logGroups() throws(StoreError) -> [LogGroup] { try store.logGroups() }

  /// The named log streams of a group, with or without events, in the order of their names' bytes.
  public func logStreams(ofGroup name: String) throws(StoreError) -> [LogStream] {
    try store.logStreams(ofGroup: name)
  }

  /// Whether there is a log group of just this name.
  public func hasLogGroup(named name: String) throws(StoreError) -> Bool {
    try store.logGroup(named: name) != nil
  }
}
