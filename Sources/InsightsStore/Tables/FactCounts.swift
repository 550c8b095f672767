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

  /// The kinds that rows of `errors` are of; see `ErrorTable.Row.isThrottle`.
  private static let errorConditions: [(kind: Kind, condition: String)] = [
    (.errors, "1"),
    (
      .throttles,
      """
      type IN ('TooManyRequestsException', 'ThrottlingException', 'Rate Exceeded.')
        OR message GLOB '*TooManyRequestsException*' OR message GLOB '*Rate Exceeded*'
        OR message GLOB '*ConcurrentInvocationLimitExceeded*'
        OR traceback GLOB '*TooManyRequestsException*'
      """
    ),
  ]

  private static let tables = [
    (name: "invocation_rows", conditions: invocationConditions),
    (name: "errors", conditions: errorConditions),
  ]

  private let addition: Statement
  private let subtractions: [Statement]

  init(connection: Connection) throws(StoreError) {
    let changes = Kind.allCases.enumerated().map { index, kind in
      "\(kind.rawValue) = \(kind.rawValue) + ?\(index + 1)"
    }
    addition = try connection.prepare("UPDATE fact_counts SET \(changes.joined(separator: ", "))")
    var subtractions: [Statement] = []
    for (table, conditions) in FactCounts.tables {
      let columns = conditions.map(\.kind.rawValue).joined(separator: ", ")
      let differences = conditions.map {
        "\($0.kind.rawValue) - count(*) FILTER (WHERE \($0.condition))"
      }
      subtractions.append(
        try connection.prepare(
          """
          UPDATE fact_counts SET (\(columns)) = (
            SELECT \(differences.joined(separator: ", ")) FROM \(table)
            WHERE log_stream_id IN (SELECT id FROM log_streams WHERE is_stale = 1))
          """))
    }
    self.subtractions = subtractions
  }

  /// Adds rows; none of a kind that is not named.
  func add(_ counts: [Kind: Int]) throws(StoreError) {
    for (index, kind) in Kind.allCases.enumerated() {
      addition.bind(Int64(counts[kind] ?? 0), at: index + 1)
    }
    try addition.run()
  }

  /// Takes away the invocations of stale streams, which are about to be deleted.
  func subtractStaleInvocations() throws(StoreError) { try subtractions[0].run() }

  /// The same of their errors.
  func subtractStaleErrors() throws(StoreError) { try subtractions[1].run() }
}

extension ErrorTable.Row {
  /// Whether it tells of a call that was refused.
  var isThrottle: Bool {
    let types = ["TooManyRequestsException", "ThrottlingException", "Rate Exceeded."]
    if let type, types.contains(type) { return true }
    return message.holds(anyOf: [
      "TooManyRequestsException", "Rate Exceeded", "ConcurrentInvocationLimitExceeded",
    ]) || traceback.holds(anyOf: ["TooManyRequestsException"])
  }
}

extension String? {
  fileprivate func holds(anyOf texts: [StaticString]) -> Bool {
    guard var text = self else { return false }
    return text.withUTF8 { bytes in texts.contains { bytes.firstOffset(of: $0) != nil } }
  }
}
