public import InsightsModel
public import InsightsStore

extension Engine {
  /// Returns a text that changes whenever events, log streams or their names change.
  public func contentVersion() throws(StoreError) -> String { try store.contentVersion() }

  /// Returns the total size of all messages in bytes.
  public func messageByteCount() throws(StoreError) -> Int64 { try store.messageByteCount() }

  /// Returns the named log groups, with or without events, sorted by the bytes of their names.
  public func logGroups() throws(StoreError) -> [LogGroup] { try store.logGroups() }

  /// Returns the named log streams of a group, with or without events, sorted by the bytes of their
  /// names.
  public func logStreams(ofGroup name: String) throws(StoreError) -> [LogStream] {
    try store.logStreams(ofGroup: name)
  }

  /// Whether there is a log group with exactly this name.
  public func hasLogGroup(named name: String) throws(StoreError) -> Bool {
    try store.logGroup(named: name) != nil
  }
}
