public import InsightsEngine
public import InsightsIngest
internal import InsightsModel
internal import InsightsStore
internal import InsightsText
public import InsightsThreads

/// The shared part of a server's front ends: the store, and the operations on it.
///
/// Its functions may block and are called on threads that may; none of them depends on HTTP.
public final class LogService: Sendable {
  /// The configuration of a service.
  public struct Options: Sendable {
    /// The path of the existing store.
    public var storePath: String
    /// Whether everything that writes is rejected.
    public var isReadOnly: Bool
    /// The reason for that, for clients that write.
    public var readOnlyReason: String
    /// The maximum duration of a query; `nil` for no limit.
    public var timeout: Duration?
    /// Whether events with any time are accepted, unlike on AWS.
    public var acceptsAnyTime: Bool
    /// Files that are ingested as they grow.
    public var following: LogWriter.Following?
    /// The saved queries that can be run by name.
    public var pack: QueryPack
    /// The version of the program.
    public var version: String
    /// Called with messages for the operator of the server.
    public var report: @Sendable (String) -> Void

    /// Makes options.
    public init(
      storePath: String, isReadOnly: Bool = false, readOnlyReason: String = "--read-only",
      timeout: Duration? = nil, acceptsAnyTime: Bool = false, following: LogWriter.Following? = nil,
      pack: QueryPack = QueryPack(folders: []), version: String = "",
      report: @escaping @Sendable (String) -> Void = { _ in }
    ) {
      self.storePath = storePath
      self.isReadOnly = isReadOnly
      self.readOnlyReason = readOnlyReason
      self.timeout = timeout
      self.acceptsAnyTime = acceptsAnyTime
      self.following = following
      self.pack = pack
      self.version = version
      self.report = report
    }
  }

  /// The configuration.
  public let options: Options
  /// The queries that clients have started.
  public let queries: QueryPool
  /// Engines over the store that stay open between queries.
  let engines: EnginePool
  /// The writer; `nil` if the service is read-only.
  let writer: LogWriter?

  /// Makes a service.
  public init(_ options: Options) {
    self.options = options
    // A query is compiled by one engine before another one runs it.
    engines = EnginePool(storePath: options.storePath, limit: 2 * Processors.workerCount)
    queries = QueryPool(engines: engines, report: options.report)
    writer =
      options.isReadOnly
      ? nil : LogWriter(storeAt: options.storePath, following: options.following)
    stopping.watch { [queries] in queries.cancelAll() }
  }

  /// Writes what has been accepted, and checkpoints the store into one file; nothing is written
  /// afterwards.
  ///
  /// - Returns: false if a reader is still active, so that the write-ahead log is left to the next
  ///   command.
  /// - Throws: `StoreError`.
  public func stop() throws -> Bool {
    engines.close()
    return try writer?.stop() ?? true
  }

  /// The clock, in epoch milliseconds.
  public static var now: Int64 {
    Timestamp.now
  }

  /// Signalled when the server is asked to stop; unlimited streams end then.
  public let stopping = OneTimeEvent()

  let knownCatalogue = Locked<(version: String, catalogue: LogCatalogue)?>(nil)
}
