internal import Glibc
public import InsightsThreads

/// When the work on a store has to stop, how it waits for other processes, and the callback for
/// waits.
///
/// Without a deadline there is no limit: the other processes will end some time.
public struct Waiting: Sendable {
  /// When to give up.
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
  init(_ reason: Cancellation.Reason) {
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
  func throwIfStopped(thorough: Bool = true) throws(StoreError) {
    if thorough ? check() : isStopped, let reason { throw StoreError(reason) }
  }
}

/// One wait for other processes: increasing pauses, a report after a second, an end at the
/// deadline.
struct Wait {
  private static let longestPause: UInt32 = 50_000
  private let waiting: Waiting
  private let start = ContinuousClock.now
  private var microseconds: UInt32 = 1000
  private var hasReported = false

  init(_ waiting: Waiting) {
    self.waiting = waiting
  }

  var duration: Duration { ContinuousClock.now - start }

  /// Pauses.
  ///
  /// - Throws: `StoreError.timedOut`, `.interrupted`.
  mutating func pause() throws(StoreError) {
    try waiting.cancellation.throwIfStopped()
    if !hasReported, duration >= .seconds(1) {
      hasReported = true
      waiting.report()
    }
    usleep(microseconds)
    microseconds = min(microseconds * 2, Self.longestPause)
  }
}
