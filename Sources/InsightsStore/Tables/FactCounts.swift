internal import InsightsModel
internal import InsightsSQLite
internal import InsightsText

/// The table `fact_counts`, one row: the number of invocations and errors of each kind in the
/// store.
///
/// It is updated with their rows, in the same transaction, so that statistics need no counting.
final class FactCounts {
  /// The kinds of counts; their raw values are the columns of the table.
  enum Kind: String, CaseIterable {
    case invocations
    case coldStarts = "cold_starts"
    case timeouts
    case oom
    case oomSuspects = "oom_suspects"
    case errors
    case throttles
  }

  /// The kinds of rows in `invocation_rows`, as SQL conditions; `InvocationRows.kinds(of:)` is the
  /// equivalent for a single row.
  private static let invocationConditions: [(kind: Kind, condition: String)] = [
    (.invocations, "1"),
    (.coldStarts, "r.outcome & 4"),
    (.timeouts, "r.outcome & 8"),
    (.oom, "r.outcome & 16"),
    (.oomSuspects, isMemorySuspect),
  ]

  /// Whether an invocation used all of its memory, without proof that it ran out of it; over
  /// `InvocationColumns`.
  static let isMemorySuspect = """
    r.outcome & 16 = 0 AND r.max_memory_mb >= i.memory_mb
      AND (r.outcome & 4 OR \(InvocationColumns.detail("init")) IS NULL)
    """

  /// Rows of stale streams, and rows by their ids, from the first parameter to before the second.
  private static let isStale =
    "log_stream_id IN (SELECT id FROM log_streams WHERE is_stale = 1)"
  private static let isInRange = "r.id >= ?1 AND r.id < ?2"

  private let addition: Statement
  private let staleInvocations: Statement
  private let someInvocations: Statement
  private let staleErrors: Statement
  private let someErrors: Statement

  init(connection: Connection) throws(StoreError) {
    let changes = Kind.allCases.enumerated().map { index, kind in
      "\(kind.rawValue) = \(kind.rawValue) + ?\(index + 1)"
    }
    addition = try connection.prepare("UPDATE fact_counts SET \(changes.joined(separator: ", "))")
    let columns = FactCounts.invocationConditions.map(\.kind.rawValue).joined(separator: ", ")
    let differences = FactCounts.invocationConditions.map {
      "\($0.kind.rawValue) - count(*) FILTER (WHERE \($0.condition))"
    }
    func subtraction(_ condition: String) throws(StoreError) -> Statement {
      try connection.prepare(
        """
        UPDATE fact_counts SET (\(columns)) = (
          SELECT \(differences.joined(separator: ", "))
          FROM invocation_rows AS r CROSS JOIN \(InvocationColumns.groups)
          WHERE \(condition))
        """)
    }
    func errors(_ condition: String) throws(StoreError) -> Statement {
      try connection.prepare("SELECT type, message, traceback FROM errors AS r WHERE \(condition)")
    }
    staleInvocations = try subtraction(FactCounts.isStale)
    someInvocations = try subtraction(FactCounts.isInRange)
    staleErrors = try errors(FactCounts.isStale)
    someErrors = try errors(FactCounts.isInRange)
  }

  /// Adds rows; kinds that are not named do not change.
  func add(_ counts: [Kind: Int]) throws(StoreError) {
    for (index, kind) in Kind.allCases.enumerated() {
      addition.bind(Int64(counts[kind] ?? 0), at: index + 1)
    }
    try addition.run()
  }

  /// Subtracts the invocations of stale streams, which are about to be deleted.
  func subtractStaleInvocations() throws(StoreError) { try staleInvocations.run() }

  /// Subtracts the invocations with these ids, which are about to be deleted.
  func subtractInvocations(_ ids: Range<Int64>) throws(StoreError) {
    someInvocations.bind(ids.lowerBound, at: 1)
    someInvocations.bind(ids.upperBound, at: 2)
    try someInvocations.run()
  }

  /// The same for errors of stale streams.
  func subtractStaleErrors() throws(StoreError) { try subtract(staleErrors) }

  /// The same for errors with these ids.
  func subtractErrors(_ ids: Range<Int64>) throws(StoreError) {
    someErrors.bind(ids.lowerBound, at: 1)
    someErrors.bind(ids.upperBound, at: 2)
    try subtract(someErrors)
  }

  private func subtract(_ errors: Statement) throws(StoreError) {
    var counts: [Kind: Int] = [:]
    defer { errors.reset() }
    while try errors.step() {
      counts[.errors, default: 0] -= 1
      // Whether a text is about throttling cannot be expressed in SQL.
      if (0..<3).contains(where: { AWSMessages.Throttle.matches(errors.bytes(at: $0)) }) {
        counts[.throttles, default: 0] -= 1
      }
    }
    if !counts.isEmpty { try add(counts) }
  }
}

extension ErrorTable.Row {
  /// Whether it reports a throttled call.
  var isThrottle: Bool {
    [type, message, traceback].contains { text in
      guard var text else { return false }
      return text.withUTF8(AWSMessages.Throttle.matches)
    }
  }
}
