public import InsightsModel

/// Receives the rows of a query while they are found: a format, a connection, a table in memory.
///
/// It is called on the thread that runs the query: first `begin`, then `receive` for every batch of
/// rows, then `end`. If the query fails, later calls do not follow. An error thrown by a sink ends
/// the query, and is rethrown by `QueryExecution.run`.
public protocol RowSink: AnyObject {
  /// Whether received rows stay in memory, so that they count against the limit of the execution.
  var keepsRows: Bool { get }

  /// The query has been compiled; its rows will have these columns.
  func begin(_ columns: [ResultColumn], of query: CompiledQuery) throws

  /// Receives the next rows: at most some 500, or a few long ones.
  func receive(_ rows: [[Value]]) throws

  /// All rows have been received.
  func end(_ outcome: QueryOutcome) throws
}

extension RowSink {
  /// False: rows are not kept.
  public var keepsRows: Bool { false }

  /// Does nothing.
  public func begin(_ columns: [ResultColumn], of query: CompiledQuery) throws {}

  /// Does nothing.
  public func end(_ outcome: QueryOutcome) throws {}
}

/// The outcome of a completed query, apart from its rows.
public struct QueryOutcome: Sendable {
  /// The query, with its warnings.
  public let query: CompiledQuery
  /// Exact if the request asks for statistics.
  public let statistics: QueryStatistics
  /// The duration of its stages.
  public let timing: Engine.Timing
  /// The keys of `stats`; see `ResultTable.groupKeys`.
  let groupKeys: [String]?
}

/// Collects the rows of a query as a table.
public final class TableSink: RowSink {
  /// The rows received so far.
  public private(set) var table = ResultTable(columns: [])

  /// Makes an empty table.
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
