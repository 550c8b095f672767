internal import Glibc

/// How long the work on a store may take, how it waits for other processes, and who is told of that.
///
/// Without a deadline there is no limit: others are at work, and end some time.
public struct Waiting: Sendable {
  /// When to give up.
  public var deadline: ContinuousClock.Instant?
  /// Whether the user wants to stop.
  public var isCancelled: @Sendable () -> Bool
  /// Told once of each wait that takes more than a second.
  public var report: @Sendable () -> Void

  public init(
    deadline: ContinuousClock.Instant? = nil,
    isCancelled: @escaping @Sendable () -> Bool = { false },
    report: @escaping @Sendable () -> Void = {}
  ) {
    self.deadline = deadline
    self.isCancelled = isCancelled
    self.report = report
  }

  /// Whether the time is over.
  public var isOver: Bool { deadline.map { ContinuousClock.now >= $0 } ?? false }
}

/// One wait for others: pauses that become longer, a word after a second, an end at the deadline.
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

  /// Waits a moment.
  ///
  /// - Throws: `StoreError.timedOut`, `.interrupted`.
  mutating func pause() throws(StoreError) {
    if waiting.isCancelled() { throw .interrupted }
    if waiting.isOver { throw .timedOut }
    if !hasReported, duration >= .seconds(1) {
      hasReported = true
      waiting.report()
    }
    usleep(microseconds)
    microseconds = min(microseconds * 2, Self.longestPause)
  }
}
