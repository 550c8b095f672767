internal import Synchronization

/// The steps that all searches for one query may take together, on all its threads.
public final class StepBudget: Sendable {
  public let limit: Int
  private let used = Atomic<Int>(0)

  public init(limit: Int) {
    self.limit = limit
  }

  /// Whether more steps were taken than there are.
  public var isExhausted: Bool { used.load(ordering: .relaxed) > limit }

  /// Takes some steps; false where there were not so many left.
  func take(_ count: Int) -> Bool {
    used.wrappingAdd(count, ordering: .relaxed).newValue <= limit
  }
}
