internal import InsightsText

/// The table `fact_counts`, one row: how many invocations and errors of each kind the store has.
///
/// It changes with their rows, in the same transaction, so that nothing has to be counted when the
/// figures are asked for.
final class FactCounts {
  /// What is counted; the columns of the table.
  enum Kind: String, CaseIterable {
    case invocations
    case coldStarts = "cold_starts"
    case timeouts
    case oom
    case oomSuspects = "oom_suspects"
    case errors
    case throttles
  }

  /// The kinds that rows of `invocation_rows` are of, as SQL over it; those of a row by
  /// `InvocationRows.kinds(of:)` are the same.
  private static let invocationConditions: [(kind: Kind, condition: String)] = [
    (.invocations, "1"),
    (.coldStarts, "outcome & 4"),
    (.timeouts, "outcome & 8"),
    (.oom, "outcome & 16"),
    (
      .oomSuspects,
      """
      outcome & 16 = 0 AND max_memory_mb >= memory_mb AND (init IS NULL OR outcome & 4)
      """
    ),
  ]

  private static let staleStreams = "SELECT id FROM log_streams WHERE is_stale = 1"

  private let addition: Statement
  private let subtraction: Statement
  private let staleErrors: Statement

  init(connection: Connection) throws(StoreError) {
    let changes = Kind.allCases.enumerated().map { index, kind in
      "\(kind.rawValue) = \(kind.rawValue) + ?\(index + 1)"
    }
    addition = try connection.prepare("UPDATE fact_counts SET \(changes.joined(separator: ", "))")
    let columns = FactCounts.invocationConditions.map(\.kind.rawValue).joined(separator: ", ")
    let differences = FactCounts.invocationConditions.map {
      "\($0.kind.rawValue) - count(*) FILTER (WHERE \($0.condition))"
    }
    subtraction = try connection.prepare(
      """
      UPDATE fact_counts SET (\(columns)) = (
        SELECT \(differences.joined(separator: ", ")) FROM invocation_rows
        WHERE log_stream_id IN (\(FactCounts.staleStreams)))
      """)
    staleErrors = try connection.prepare(
      """
      SELECT type, message, traceback FROM errors
      WHERE log_stream_id IN (\(FactCounts.staleStreams))
      """)
  }

  /// Adds rows; none of a kind that is not named.
  func add(_ counts: [Kind: Int]) throws(StoreError) {
    for (index, kind) in Kind.allCases.enumerated() {
      addition.bind(Int64(counts[kind] ?? 0), at: index + 1)
    }
    try addition.run()
  }

  /// Takes away the invocations of stale streams, which are about to be deleted.
  func subtractStaleInvocations() throws(StoreError) { try subtraction.run() }

  /// The same of their errors.
  func subtractStaleErrors() throws(StoreError) {
    var counts: [Kind: Int] = [:]
    defer { staleErrors.reset() }
    while try staleErrors.step() {
      counts[.errors, default: 0] -= 1
      // What a text says of throttles is in no words that SQL has.
      if (0..<3).contains(where: { AWSMessages.Throttle.tells(staleErrors.bytes(at: $0)) }) {
        counts[.throttles, default: 0] -= 1
      }
    }
    if !counts.isEmpty { try add(counts) }
  }
}

extension ErrorTable.Row {
  /// Whether it tells of a call that was refused.
  var isThrottle: Bool {
    [type, message, traceback].contains { text in
      guard var text else { return false }
      return text.withUTF8(AWSMessages.Throttle.tells)
    }
  }
}
