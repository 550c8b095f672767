internal import InsightsSQLite
public import InsightsModel
internal import InsightsText

extension Store {
  /// Identifies the committed content of the file at the store's path.
  ///
  /// It changes with a commit of another connection, and if another file replaces the store.
  public struct CommitState: Equatable, Sendable {
    private let version: Int64
    private let file: FileStatus.Identity?

    /// Reads the current state; if two states are equal, nothing was committed between them.
    fileprivate init(of store: Store) throws(StoreError) {
      version = try store.connection.dataVersion()
      file = FileStatus(store.path)?.identity
    }
  }

  /// Returns the current commit state, for comparison with other states of the same open store.
  public func commitState() throws(StoreError) -> CommitState { try CommitState(of: self) }

  /// Caches the directories of all segments between queries, until something is committed.
  ///
  /// It is for a store that is open for reading and used for many queries. The first query decodes
  /// the directories. It has no effect on a store that is open for writing.
  public func keepDirectories() { segmentList.keepsDirectories = access == .readOnly }

  /// Whether lookup tables are loaded, which belong to one query.
  public var hasLookupTables: Bool { !connection.functionWorkspace.lookupTables.isEmpty }
}
