public import InsightsModel

/// Takes the rows of a query while they are found: a format, a connection, a table in memory.
///
/// It is called on the thread that runs the query: first `begin`, then `receive` for every batch of
/// rows, then `end`. A query that fails stops in between. What a sink throws ends the query, and
/// comes out of `QueryExecution.run`.
public protocol RowSink: AnyObject {
  /// Whether the rows that were received stay in memory: then they count against the limit of the
  /// execution.
  var keepsRows: Bool { get }

  /// The query has been compiled; its rows will have these columns.
  func begin(_ columns: [ResultColumn], of query: CompiledQuery) throws

  /// Takes the next rows: some 500 at most, or a few long ones.
  func receive(_ rows: [[Value]]) throws

  /// All rows have been received.
  func end(_ outcome: QueryOutcome) throws
}

extension RowSink {
  public var keepsRows: Bool { false }

  public func begin(_ columns: [ResultColumn], of query: CompiledQuery) throws {}

  public func end(_ outcome: QueryOutcome) throws {}
}

/// What there is to say of a query that has been answered, beside its rows.
public struct QueryOutcome: Sendable {
  /// The query, with its warnings.
  public let query: CompiledQuery
  /// Exact where the request wants statistics.
  public let statistics: QueryStatistics
  public let timing: Engine.Timing
  /// What `stats` grouped by; see `ResultTable.groupKeys`.
  public let groupKeys: [String]?
}

/// Collects the rows of a query as a table.
public final class TableSink: RowSink {
  public private(set) var table = ResultTable(columns: [])

  public init() {}

  public var keepsRows: Bool { true }

  public func begin(_ columns: [ResultColumn], of query: CompiledQuery) {
    table = ResultTable(columns: columns)
  }

  public func receive(_ rows: [[Value]]) { table.rows += rows }

  public func end(_ outcome: QueryOutcome) {
    table.groupKeys = outcome.groupKeys
  }
}
