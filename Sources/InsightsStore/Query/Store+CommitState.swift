internal import InsightsSegments
internal import InsightsScan
internal import InsightsFunctions
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

  /// Keeps what scans need of every segment between queries, until something is committed: the
  /// directories, the templates of messages, and the connections of threads.
  ///
  /// It is for a store that is open for reading and used for many queries. `memory` bounds the
  /// templates; several stores may share it. It has no effect on a store that is open for writing.
  public func keepDirectories(within memory: DirectoryMemory) {
    if access == .readOnly { segmentList.keep(within: memory.templates) }
  }

  /// The memory for the templates of messages that open stores keep.
  public struct DirectoryMemory: Sendable {
    let templates: KeptTemplates.Memory

    /// Allows for a number of bytes.
    public init(byteCount: Int = 64 << 20) {
      templates = KeptTemplates.Memory(byteCount: byteCount)
    }
  }

  /// Whether a query was stopped in a transaction, which then did not end.
  public var isInTransaction: Bool { connection.isInTransaction }

  /// Whether lookup tables are loaded, which belong to one query.
  public var hasLookupTables: Bool { !connection.functionWorkspace.lookupTables.isEmpty }

  /// Whether it has copies of facts from another machine.
  public var hasCopiedFacts: Bool { copiedFacts != nil }
}
