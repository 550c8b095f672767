internal import Synchronization

/// Whether some work has to stop, and why: somebody asked for it, or its time is over.
///
/// One instance for each piece of work. Any thread may ask for the stop, and every loop of the work
/// looks at it. Once stopped, it stays stopped.
public final class Cancellation: Sendable {
  /// Why the work has to stop.
  public enum Reason: UInt8, Sendable {
    /// `cancel()` was called, or `isRequested` said so.
    case requested = 1
    /// The deadline has passed.
    case deadline = 2
  }

  /// When the work has to stop by itself; `nil` for never.
  public let deadline: ContinuousClock.Instant?
  private let isRequested: @Sendable () -> Bool
  /// The raw value of the reason; 0 while the work goes on.
  private let state = Atomic<UInt8>(0)

  /// `isRequested` is asked by `check()`: for what cannot call `cancel()`, such as the handler of a signal.
  public init(
    deadline: ContinuousClock.Instant? = nil,
    isRequested: @escaping @Sendable () -> Bool = { false }
  ) {
    self.deadline = deadline
    self.isRequested = isRequested
  }

  /// Asks for the work to stop; has no effect on work that was stopped before.
  public func cancel() { stop(.requested) }

  /// Why the work has to stop, as far as `cancel()` and `check()` have found out.
  public var reason: Reason? { Reason(rawValue: state.load(ordering: .relaxed)) }

  /// Whether `reason` is known: one load, for the innermost loops.
  public var isStopped: Bool { state.load(ordering: .relaxed) != 0 }

  /// Looks at the clock and asks `isRequested` as well; some 50 ns, for loops that take longer.
  ///
  /// - Returns: whether the work has to stop.
  @discardableResult
  public func check() -> Bool {
    if isStopped { return true }
    if isRequested() {
      stop(.requested)
    } else if let deadline, ContinuousClock.now >= deadline {
      stop(.deadline)
    }
    return isStopped
  }

  private func stop(_ reason: Reason) {
    _ = state.compareExchange(expected: 0, desired: reason.rawValue, ordering: .relaxed)
  }
}
