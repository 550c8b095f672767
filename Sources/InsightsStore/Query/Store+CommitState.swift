internal import InsightsSQLite
public import InsightsModel
internal import InsightsText

extension Store {
  /// What tells that the content of the file at the store's path changed: a commit of another
  /// connection, or another file in its place.
  public struct CommitState: Equatable, Sendable {
    private let version: Int64
    private let file: FileStatus.Identity?

    /// The state of a store right now; no commit has happened between two equal ones.
    fileprivate init(of store: Store) throws(StoreError) {
      version = try store.connection.dataVersion()
      file = FileStatus(store.path)?.identity
    }
  }

  /// Returns the state of its file; it may be compared with those of the same open store.
  public func commitState() throws(StoreError) -> CommitState { try CommitState(of: self) }

  /// Keeps what scans know of the segments for the next query, as long as nothing is committed.
  ///
  /// For a store that is open for reading and for many queries; the first one decodes the directories
  /// of all segments.
  public func keepDirectories() { segmentList.keepsDirectories = access == .readOnly }

  /// Whether it has lookup tables, which belong to one query.
  public var hasLookupTables: Bool { !connection.functionWorkspace.lookupTables.isEmpty }
}
