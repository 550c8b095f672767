public import InsightsThreads
internal import Synchronization

/// The number of steps that all searches of one query may take together, on all threads.
///
/// It also reports whether the query has to stop.
public final class StepBudget: Sendable {
  /// The maximum number of steps.
  public let limit: Int
  private let cancellation: Cancellation
  private let used = Atomic<Int>(0)

  /// Makes a budget; searches also end when `cancellation` is cancelled.
  public init(limit: Int, cancellation: Cancellation = Cancellation()) {
    self.limit = limit
    self.cancellation = cancellation
  }

  /// Whether more steps were taken than the limit.
  public var isExhausted: Bool { used.load(ordering: .relaxed) > limit }

  /// Whether the query has to stop; `thorough` also checks the deadline.
  func isStopped(thorough: Bool) -> Bool {
    thorough ? cancellation.check() : cancellation.isStopped
  }

  /// Takes steps from the budget; false if it is exhausted or the query has to stop.
  func take(_ count: Int) -> Bool {
    !cancellation.check() && used.wrappingAdd(count, ordering: .relaxed).newValue <= limit
  }
}
