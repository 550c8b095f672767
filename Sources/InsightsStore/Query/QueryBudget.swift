internal import InsightsModel
internal import InsightsText
internal import InsightsThreads

/// What one statement may do of what multiplies: a short query over few events can ask for endless
/// work.
///
/// The budgets grow with the store, so that work which grows with the events alone stays possible.
struct QueryBudget {
  /// The execution that the statement is part of.
  let context: ExecutionContext
  /// What the scans, functions and rows of the statement hold.
  let memory: QueryMemory
  /// Steps of regexes on events where they take many.
  let steps: StepBudget
  /// Rows that each of `join`, `unnest`, `expand` and `parse … multi` may make of others.
  let rowCount: Int
  /// Rows that `fillmissing` may add.
  static let filledRowCount = 1_000_000
  /// Bytes of a value that a function makes.
  static let valueByteCount = 16 << 20

  /// Bytes of the memory that rows which are kept may take: formats make up to two copies of a row.
  var keptRowsLimit: Int { context.limits.memory / 8 * 3 }

  /// Budgets for a store of so many events; several statements may share some memory.
  init(
    eventCount: Int, context: ExecutionContext = ExecutionContext(), memory: QueryMemory? = nil
  ) {
    self.context = context
    self.memory = memory ?? QueryMemory(limit: context.limits.memory)
    steps = StepBudget(
      limit: context.limits.steps ?? 100_000_000 + 100 * eventCount,
      cancellation: context.cancellation)
    rowCount = context.limits.rows ?? 10_000_000 + eventCount
  }

  /// Why a search was given up.
  var searchFailure: StoreError {
    if let reason = context.cancellation.reason { return StoreError(reason) }
    return steps.isExhausted ? .limitReached(.steps(limit: steps.limit)) : .patternTooExpensive
  }
}

/// A limit of what one query may do, and what ran into it.
public enum QueryLimit: Equatable, Sendable {
  /// A function of the language would give a value of more bytes.
  case valueBytes(function: String, limit: Int)
  /// A command would make more rows; `count` is how many, where that is known beforehand.
  case rows(command: String, limit: Int, count: Int64?)
  /// The regexes of the query would take more steps, over all events.
  case steps(limit: Int)
  /// The statement that the query becomes is larger than SQLite takes; `reason` is in its words.
  case statement(reason: String)
  /// The rows of the result would take more bytes.
  case resultBytes(limit: Int)
}
