public import InsightsModel
internal import InsightsQuery
public import InsightsStore

/// The façade of `insights`: compiles queries and runs them over one store.
///
/// An engine belongs to one thread at a time. `under` gives another one over the same store and
/// connection, of which only one may be at work.
public final class Engine {
  private let openStore: Store
  let catalog: StoreCatalog
  /// What holds for all that is asked of this engine.
  public let context: ExecutionContext
  /// Told of every query that has been answered, those that the program asks itself included.
  let observer: ((QueryOutcome) -> Void)?

  /// Opens the store at `path` for reading.
  ///
  /// - Throws: `StoreError`.
  public convenience init(
    readingStoreAt path: String, waiting: Waiting = Waiting(),
    context: ExecutionContext = ExecutionContext()
  ) throws(StoreError) {
    try self.init(
      store: Store(path: path, access: .readOnly, waiting: waiting), context: context)
  }

  convenience init(
    store: Store, context: ExecutionContext = ExecutionContext()
  ) throws(StoreError) {
    store.obey(context.cancellation)
    try store.connection.registerFunctions()
    self.init(store, try SQLiteBackend(store: store).catalog(), context, nil)
  }

  private init(
    _ store: Store, _ catalog: StoreCatalog, _ context: ExecutionContext,
    _ observer: ((QueryOutcome) -> Void)?
  ) {
    openStore = store
    self.catalog = catalog
    self.context = context
    self.observer = observer
  }

  /// The same engine with another context.
  public func under(_ context: ExecutionContext) -> Engine {
    Engine(openStore, catalog, context, observer)
  }

  /// The same engine, whose queries `observer` is told of.
  public func observed(by observer: @escaping (QueryOutcome) -> Void) -> Engine {
    Engine(openStore, catalog, context, observer)
  }

  /// The store, which stops what it does when the context of this engine says so.
  var store: Store {
    openStore.obey(context.cancellation)
    return openStore
  }

  /// What runs the plans of queries.
  var backend: any QueryBackend { SQLiteBackend(store: store) }

  /// Makes tables known to `lookup` and `cidrlookup`.
  public func load(_ tables: [LookupTable]) throws(StoreError) {
    for table in tables { try backend.load(table) }
  }

  /// The time of the newest event, epoch milliseconds.
  public func newestTimestamp() throws(StoreError) -> Int64? {
    try store.newestTimestamp()
  }

  /// The discovered fields and how many events have each, the most frequent first.
  public func fields() throws(StoreError) -> ResultTable {
    try store.fields()
  }

  /// The values of a field and how many events have each, the most frequent first; missing is one too.
  ///
  /// - Throws: `QueryError` for a name that cannot be one, `StoreError`.
  public func values(ofField name: String) throws -> ResultTable {
    let source = SourceText(
      "stats count(*) as events by `\(name)` | sort events desc, `\(name)` asc", name: "fields")
    return try answer(source, options: Binder.Options(rowLimit: .max)).table
  }

  /// What the store holds, as named figures.
  public func figures() throws(StoreError) -> [(name: String, value: Value)] {
    try store.figures()
  }
}

/// What a store knows of its fields and log groups.
struct StoreCatalog: Catalog {
  let discoveredFields: Set<String>
  let logGroups: [String]?
  let accounts: [String]?
}
