public import InsightsIngest
public import InsightsModel
internal import InsightsStore
internal import InsightsText

/// Logs that are followed as they grow: files, or a store that other processes ingest into.
///
/// Not thread-safe.
public final class FollowedLogs {
  /// The location of the logs.
  public enum Location: Hashable, Sendable {
    /// Files and folders; they are read into a temporary store, which is deleted with this object.
    case files([String])
    case store(path: String)
  }

  /// The logs at one time.
  public struct State {
    /// Reads everything that exists; the engine of an earlier state must not be used any more.
    public let engine: Engine
    /// The summary of this update; `nil` for a store.
    public let summary: ImportSummary?
  }

  private let location: Location
  private let waiting: Waiting
  private let context: ExecutionContext
  private var snapshot: InputSnapshot?
  private var reading: (store: Store, importer: Importer)?

  /// Follows a location; nothing is read before the first `update`.
  public init(_ location: Location, waiting: Waiting = Waiting()) {
    self.location = location
    self.waiting = waiting
    context = ExecutionContext(cancellation: waiting.cancellation)
  }

  /// Returns the current state; `nil` if nothing has changed since the last call.
  ///
  /// `progress` is called about once per megabyte read.
  ///
  /// - Throws: `ImportError`, `StoreError`; the logs cannot be followed any further then.
  public func update(progress: ((ImportProgress) -> Void)? = nil) throws -> State? {
    let current = InputSnapshot(of: watchedPaths)
    guard current != snapshot else {
      // The writer could not checkpoint the store while we were reading it.
      if case .store(let path) = location { Store.recover(path: path) }
      return nil
    }
    snapshot = current
    switch location {
    case .files(let paths):
      let (store, importer) = try reading ?? makeReading(progress)
      reading = (store, importer)
      var summary = try importer.run(paths: paths)
      // Missing files are waited for.
      summary.notices.removeAll { $0.kind == .unreadable && FileStatus($0.path) == nil }
      return State(engine: try Engine(store: store, context: context), summary: summary)
    case .store(let path):
      // Opened anew each time: a writer can checkpoint the store only while no other process has it
      // open.
      return State(
        engine: try Engine(readingStoreAt: path, waiting: waiting, context: context), summary: nil)
    }
  }

  private var watchedPaths: [String] {
    switch location {
    case .files(let paths): paths
    case .store(let path): [path, path + "-wal"]
    }
  }

  private func makeReading(
    _ progress: ((ImportProgress) -> Void)?
  ) throws -> (store: Store, importer: Importer) {
    let store = try Store(.temporaryFile, waiting: waiting)
    return (store, try Importer(store: store, followed: FollowedInputs(), progress: progress))
  }
}
