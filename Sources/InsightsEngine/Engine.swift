internal import InsightsClickHouse
public import InsightsModel
internal import InsightsQuery
internal import InsightsSQLite
package import InsightsStore

/// Compiles queries and runs them over one store: the facade of the library.
///
/// An engine belongs to one thread at a time. `with` returns another engine over the same store
/// and connection; only one of them may run at a time.
public final class Engine {
  private let openStore: Store
  let catalog: StoreCatalog
  /// The cancellation, limits and progress of everything this engine runs.
  public let context: ExecutionContext
  /// Called after every query, including the program's internal ones.
  let observer: ((QueryOutcome) -> Void)?
  /// The state of the store that `catalog` was read from; `nil` if it is not known.
  private let openState: Store.CommitState?
  /// The numbers of events that the queries so far have counted in a store on a server.
  let statisticsCache: StatisticsCache

  /// Opens the store at `path`, a file or an address, for reading.
  ///
  /// - Throws: `StoreError`.
  public convenience init(
    readingStoreAt path: String, waiting: Waiting = Waiting(),
    context: ExecutionContext = ExecutionContext()
  ) throws(StoreError) {
    try self.init(
      readingStoreAt: path, waiting: waiting, context: context, statisticsCache: StatisticsCache())
  }

  /// Opens a store as above; engines over the same store may share `statisticsCache`.
  convenience init(
    readingStoreAt path: String, waiting: Waiting, context: ExecutionContext,
    statisticsCache: StatisticsCache
  ) throws(StoreError) {
    guard let address = try ClickHouseAddress(ofStore: path) else {
      let store = try Store(path: path, access: .readOnly, waiting: waiting)
      try self.init(store: store, context: context)
      return
    }
    let client = ClickHouseClient(address)
    let opened = try OpenedStore(client, cancellation: waiting.cancellation)
    try self.init(
      store: Store(over: RemoteScanner(client, opened), waiting: waiting), context: context,
      statisticsCache: statisticsCache)
  }

  convenience init(
    store: Store, context: ExecutionContext = ExecutionContext(),
    statisticsCache: StatisticsCache = StatisticsCache()
  ) throws(StoreError) {
    store.obey(context.cancellation)
    try store.registerFunctions()
    // Before the catalog, so that a commit in between is noticed.
    let state = store.remote == nil ? try store.commitState() : nil
    self.init(
      store, try SQLiteBackend(store: store).catalog(), state, context, nil, statisticsCache)
  }

  private init(
    _ store: Store, _ catalog: StoreCatalog, _ state: Store.CommitState?,
    _ context: ExecutionContext, _ observer: ((QueryOutcome) -> Void)?,
    _ statisticsCache: StatisticsCache
  ) {
    openStore = store
    self.catalog = catalog
    openState = state
    self.context = context
    self.observer = observer
    self.statisticsCache = statisticsCache
  }

  /// Returns the same engine with another context.
  public func with(_ context: ExecutionContext) -> Engine {
    // The catalog of a store on a server is read on first use, and again in each use.
    let catalog = openStore.remote == nil ? catalog : StoreCatalog(readLater: openStore)
    return Engine(openStore, catalog, openState, context, observer, statisticsCache)
  }

  /// Returns the same engine with an observer of its queries.
  public func observed(by observer: @escaping (QueryOutcome) -> Void) -> Engine {
    Engine(openStore, catalog, openState, context, observer, statisticsCache)
  }

  /// Begins another use of the engine; returns false if it has to be opened anew, since something
  /// was committed to the store, or a server was checked too long ago.
  func reuse() -> Bool {
    if let remote = openStore.remote { return remote.reuse() }
    guard let openState, let state = try? openStore.commitState() else { return false }
    return state == openState
  }

  /// Keeps the directories of all segments for the following queries; several engines may share
  /// `memory`.
  package func cacheDirectories(in memory: Store.DirectoryMemory) {
    openStore.keepDirectories(within: memory)
  }

  /// Whether the engine can be used for another query: its state is known, and it has no lookup
  /// tables, copied facts or transaction of the last query.
  var isReusable: Bool {
    (openState != nil || openStore.remote != nil) && !openStore.hasLookupTables
      && !openStore.hasCopiedFacts && !openStore.isInTransaction
  }

  /// The store, configured to stop when the context of this engine is cancelled.
  ///
  /// Outside this module it is only read: invocations, errors, and the names of log streams. What
  /// needs the events runs a query instead.
  package var store: Store {
    openStore.obey(context.cancellation)
    return openStore
  }

  /// The backend that runs the plans of queries.
  var backend: any QueryBackend { SQLiteBackend(store: store) }

  /// Makes tables available to `lookup` and `cidrlookup`.
  public func load(_ tables: [LookupTable]) throws(StoreError) {
    for table in tables { try backend.load(table) }
  }

  /// Returns the time of the newest event, in epoch milliseconds; `nil` if no event has a time.
  public func newestTimestamp() throws(StoreError) -> Int64? {
    try store.newestTimestamp()
  }

  /// Returns the discovered fields and how many events have each, most frequent first.
  public func fields() throws(StoreError) -> ResultTable {
    try store.fields()
  }

  /// Returns the values of a field and how many events have each, most frequent first; a missing
  /// value is one too.
  ///
  /// - Throws: `QueryError` for an invalid name, `StoreError`.
  public func values(ofField name: String) throws -> ResultTable {
    let source = SourceText(
      "stats count(*) as events by `\(name)` | sort events desc, `\(name)` asc", name: "fields")
    return try answer(source, options: Binder.Options(rowLimit: .max)).table
  }

  /// Returns the contents of the store as named statistics.
  public func storeStatistics() throws(StoreError) -> [(name: String, value: Value)] {
    try store.figures()
  }
}

/// The fields and log groups of a store.
///
/// For a store on another machine, they are read on first use. If that fails they are empty, and
/// `failure` is the error.
final class StoreCatalog: Catalog {
  private let store: Store
  private(set) var failure: StoreError?

  /// Makes a catalog that is read on first use.
  init(readLater store: Store) {
    self.store = store
  }

  /// Reads the catalog of a local store; that of a remote store is read on first use.
  ///
  /// - Throws: `StoreError`.
  convenience init(of store: Store) throws(StoreError) {
    self.init(readLater: store)
    guard store.remote == nil else { return }
    _ = (discoveredFields, fieldsBehindLimit, logGroups, accounts)
    if let failure { throw failure }
  }

  private(set) lazy var discoveredFields: Set<String> = read(or: []) { () throws(StoreError) in
    try store.discoveredFields()
  }

  private(set) lazy var fieldsBehindLimit: Set<String>? = read(or: nil) { () throws(StoreError) in
    try store.fieldsBehindLimit()
  }

  private(set) lazy var logGroups: [String]? = read(or: nil) { () throws(StoreError) in
    // One request then returns both the fields and the log groups.
    if store.remote != nil { _ = discoveredFields }
    return try store.logGroupNames()
  }

  private(set) lazy var accounts: [String]? = read(or: nil) { () throws(StoreError) in
    try store.accounts()
  }

  private func read<Result>(
    or nothing: Result, _ read: () throws(StoreError) -> Result
  ) -> Result {
    do throws(StoreError) { return try read() } catch {
      failure = error
      return nothing
    }
  }
}
