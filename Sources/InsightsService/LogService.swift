public import InsightsEngine
public import InsightsIngest
public import InsightsStore
internal import InsightsText
public import InsightsThreads

/// What all front ends of a server share: the store, and what is asked of it.
///
/// Its functions may block and are called on threads that may; none of them knows of HTTP.
public final class LogService: Sendable {
  /// How a service works.
  public struct Options: Sendable {
    /// The store, which is there.
    public var storePath: String
    /// Whether everything that writes is refused.
    public var isReadOnly: Bool
    /// The longest that one query may take; `nil` for no limit.
    public var timeout: Duration?
    /// Whether events of any time may be put, which AWS refuses.
    public var acceptsAnyTime: Bool
    /// Files that are taken in as they grow.
    public var following: LogWriter.Following?
    /// The saved queries that can be run by name.
    public var pack: QueryPack
    /// The version of the program.
    public var version: String
    /// Told what whoever runs the server should know.
    public var report: @Sendable (String) -> Void

    public init(
      storePath: String, isReadOnly: Bool = false, timeout: Duration? = nil,
      acceptsAnyTime: Bool = false, following: LogWriter.Following? = nil,
      pack: QueryPack = QueryPack(folders: []), version: String = "",
      report: @escaping @Sendable (String) -> Void = { _ in }
    ) {
      self.storePath = storePath
      self.isReadOnly = isReadOnly
      self.timeout = timeout
      self.acceptsAnyTime = acceptsAnyTime
      self.following = following
      self.pack = pack
      self.version = version
      self.report = report
    }
  }

  public let options: Options
  /// The queries that clients have started.
  public let queries: QueryPool
  /// What writes; `nil` where nothing may be written.
  let writer: LogWriter?

  public init(_ options: Options) {
    self.options = options
    queries = QueryPool(storePath: options.storePath, report: options.report)
    writer =
      options.isReadOnly
      ? nil : LogWriter(storeAt: options.storePath, following: options.following)
    stopping.watch { [queries] in queries.cancelAll() }
  }

  /// Writes what has been accepted, and makes the store one file again; nothing is written afterwards.
  ///
  /// - Returns: false where somebody still reads the store, so that its log stays for the next command.
  /// - Throws: `StoreError`.
  public func stop() throws -> Bool { try writer?.stop() ?? true }

  /// Opens the store for one piece of reading, which sees all that has been committed.
  ///
  /// - Throws: `StoreError`.
  public func engine() throws(StoreError) -> Engine {
    try Engine(readingStoreAt: options.storePath)
  }

  /// The clock, epoch milliseconds.
  public static var now: Int64 {
    Timestamp.now
  }

  /// Happens when the server is asked to stop: what goes on until somebody ends it ends then.
  public let stopping = OneTimeEvent()

  let knownCatalogue = Locked<(version: String, catalogue: LogCatalogue)?>(nil)
}
