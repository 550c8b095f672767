public import InsightsThreads

/// The cancellation of work on a store, its deadline, and the callback for waits for other
/// processes.
///
/// Without a deadline it waits indefinitely, since other processes will end eventually.
public struct Waiting: Sendable {
  /// The cancellation, with the deadline.
  public var cancellation: Cancellation
  /// Called once for each wait that takes more than a second.
  public var report: @Sendable () -> Void

  /// Makes a configuration.
  public init(
    cancellation: Cancellation = Cancellation(), report: @escaping @Sendable () -> Void = {}
  ) {
    self.cancellation = cancellation
    self.report = report
  }

  /// Whether the deadline has passed.
  public var isOver: Bool { cancellation.check() && cancellation.reason == .deadline }
}

extension StoreError {
  /// The error of work that had to stop.
  package init(_ reason: Cancellation.Reason) {
    switch reason {
    case .requested: self = .interrupted
    case .deadline: self = .timedOut
    }
  }
}

extension Cancellation {
  /// Throws if the work has to stop; `thorough` also checks the deadline, which innermost loops
  /// leave to others.
  ///
  /// - Throws: `StoreError.interrupted`, `.timedOut`.
  package func throwIfStopped(thorough: Bool = true) throws(StoreError) {
    if thorough ? check() : isStopped, let reason { throw StoreError(reason) }
  }
}
