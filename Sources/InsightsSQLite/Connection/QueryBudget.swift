package import InsightsModel
package import InsightsText
internal import InsightsThreads

/// The limits of one statement on work that multiplies: a short query over few events can require
/// an unbounded amount.
///
/// The limits grow with the store, so that work proportional to the events is always possible.
package struct QueryBudget {
  /// The execution that the statement belongs to.
  package let context: ExecutionContext
  /// The memory of the statement's scans, functions and rows.
  package let memory: QueryMemory
  /// The steps of regexes on events that need many.
  package let steps: StepBudget
  /// The number of rows that each of `join`, `unnest`, `expand` and `parse … multi` may generate.
  package let rowCount: Int
  /// The number of rows that `fillmissing` may add.
  package static let filledRowCount = 1_000_000
  /// The maximum size in bytes of a value that a function builds.
  package static let valueByteCount = 16 << 20

  /// The part of the memory in bytes for rows that are kept: formats make up to two copies of a
  /// row.
  package var keptRowsLimit: Int { context.limits.memory / 8 * 3 }

  /// The limits for a store with a number of events; several statements may share `memory`.
  package init(
    eventCount: Int, context: ExecutionContext = ExecutionContext(), memory: QueryMemory? = nil
  ) {
    self.context = context
    self.memory = memory ?? QueryMemory(limit: context.limits.memory)
    steps = StepBudget(
      limit: context.limits.steps ?? 100_000_000 + 100 * eventCount,
      cancellation: context.cancellation)
    rowCount = context.limits.rows ?? 10_000_000 + eventCount
  }

  /// The error for a regex search that exceeded its steps.
  package var searchFailure: StoreError {
    if let reason = context.cancellation.reason { return StoreError(reason) }
    return steps.isExhausted ? .limitReached(.steps(limit: steps.limit)) : .patternTooExpensive
  }
}
