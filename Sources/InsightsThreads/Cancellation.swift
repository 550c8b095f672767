internal import Synchronization

/// Whether some work has to stop, and why: by request, or by a deadline.
///
/// There is one instance for each piece of work. Any thread may request the stop, and every loop of
/// the work checks it. Once stopped, it stays stopped.
public final class Cancellation: Sendable {
  /// Why the work has to stop.
  public enum Reason: UInt8, Sendable {
    /// `cancel()` was called, or `isRequested` returned true.
    case requested = 1
    /// The deadline has passed.
    case deadline = 2
  }

  /// When the work stops by itself; `nil` for never.
  public let deadline: ContinuousClock.Instant?
  private let isRequested: @Sendable () -> Bool
  /// The raw value of the reason; 0 while the work continues.
  private let state = Atomic<UInt8>(0)

  /// Makes a cancellation.
  ///
  /// `check()` calls `isRequested`, which is for sources that cannot call `cancel()`, such as
  /// signal handlers.
  public init(
    deadline: ContinuousClock.Instant? = nil,
    isRequested: @escaping @Sendable () -> Bool = { false }
  ) {
    self.deadline = deadline
    self.isRequested = isRequested
  }

  /// Requests the stop; has no effect if the work was already stopped.
  public func cancel() { stop(.requested) }

  /// Why the work has to stop, as last detected by `cancel()` and `check()`.
  public var reason: Reason? { Reason(rawValue: state.load(ordering: .relaxed)) }

  /// Whether `reason` is set: a single load, for the innermost loops.
  public var isStopped: Bool { state.load(ordering: .relaxed) != 0 }

  /// Also checks the clock and calls `isRequested`; takes some 50 ns, for outer loops.
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
