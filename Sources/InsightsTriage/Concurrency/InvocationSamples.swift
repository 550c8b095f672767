package import InsightsStore

/// Consecutive samples in the store.
package typealias InvocationSamples = Slice<UnsafeBufferPointer<Store.InvocationSample>>

extension Store.InvocationSample {
  /// From the start to the end, at least one millisecond; `nil` without a time.
  ///
  /// An invocation without an end counts in its first millisecond, since its duration is unknown.
  var interval: Range<Int64>? {
    guard let start else { return nil }
    var end = self.end ?? start
    // More than a year is not plausible, and sums with it would overflow.
    if let duration = durationMilliseconds, duration >= 0, duration < 32_000_000_000 {
      end = start &+ Int64(duration.rounded(.up))
    }
    let least = start == .max ? start : start + 1
    return start..<max(end, least)
  }
}
