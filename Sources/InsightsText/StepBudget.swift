public import InsightsThreads
internal import Synchronization

/// The steps that all searches for one query may take together, on all its threads, and whether the
/// query has to stop.
public final class StepBudget: Sendable {
  public let limit: Int
  private let cancellation: Cancellation
  private let used = Atomic<Int>(0)

  public init(limit: Int, cancellation: Cancellation = Cancellation()) {
    self.limit = limit
    self.cancellation = cancellation
  }

  /// Whether more steps were taken than there are.
  public var isExhausted: Bool { used.load(ordering: .relaxed) > limit }

  /// Whether the query has to stop; with `thorough` the clock is looked at, too.
  func isStopped(thorough: Bool) -> Bool {
    thorough ? cancellation.check() : cancellation.isStopped
  }

  /// Takes some steps; false where there were not so many left, or the query has to stop.
  func take(_ count: Int) -> Bool {
    !cancellation.check() && used.wrappingAdd(count, ordering: .relaxed).newValue <= limit
  }
}
