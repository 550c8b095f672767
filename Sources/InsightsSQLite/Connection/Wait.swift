internal import Glibc
package import InsightsModel
internal import InsightsThreads

/// One wait for other processes: increasing pauses, a report after a second, an end at the
/// deadline.
package struct Wait {
  private static let longestPause: UInt32 = 50_000
  private let waiting: Waiting
  private let start = ContinuousClock.now
  private var microseconds: UInt32 = 1000
  private var hasReported = false

  package init(_ waiting: Waiting) {
    self.waiting = waiting
  }

  package var duration: Duration { ContinuousClock.now - start }

  /// Pauses.
  ///
  /// - Throws: `StoreError.timedOut`, `.interrupted`.
  package mutating func pause() throws(StoreError) {
    try waiting.cancellation.throwIfStopped()
    if !hasReported, duration >= .seconds(1) {
      hasReported = true
      waiting.report()
    }
    usleep(microseconds)
    microseconds = min(microseconds * 2, Self.longestPause)
  }
}
