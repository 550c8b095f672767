/// Counts over time, in at most `bucketLimit` non-empty buckets.
///
/// The width starts with a minute and doubles when there are too many buckets; the result does not
/// depend on the order of the times.
public struct TimeHistogram: Sendable {
  static let bucketLimit = 64
  private static let minute: Int64 = 60_000

  /// The width of a bucket in milliseconds: a minute times a power of two.
  public private(set) var width = minute
  /// The non-empty buckets in ascending order: number (time divided by width, rounded down) and
  /// count.
  public private(set) var buckets: [(number: Int64, count: Int)] = []
  /// The start of the first non-empty bucket.
  var firstTime: Int64? { buckets.first.map { $0.number &* width } }
  /// The start of the last non-empty bucket.
  var lastTime: Int64? { buckets.last.map { $0.number &* width } }
  /// The index of the last bucket used, since times usually come in order.
  private var lastIndex = 0

  mutating func add(_ milliseconds: Int64) {
    add(number: Self.floor(milliseconds, width), count: 1)
    while buckets.count > Self.bucketLimit { widen() }
  }

  /// Adds the counts of another histogram.
  mutating func merge(_ other: TimeHistogram) {
    var other = other
    while width < other.width { widen() }
    while other.width < width { other.widen() }
    for (number, count) in other.buckets { add(number: number, count: count) }
    while buckets.count > Self.bucketLimit { widen() }
  }

  /// Returns the histogram with wider buckets.
  func widened(to width: Int64) -> TimeHistogram {
    var histogram = self
    while histogram.width < width { histogram.widen() }
    return histogram
  }

  private mutating func add(number: Int64, count: Int) {
    if lastIndex < buckets.count, buckets[lastIndex].number == number {
      buckets[lastIndex].count += count
      return
    }
    var low = 0
    var high = buckets.count
    while low < high {
      let middle = (low + high) / 2
      if buckets[middle].number < number { low = middle + 1 } else { high = middle }
    }
    lastIndex = low
    if low < buckets.count, buckets[low].number == number {
      buckets[low].count += count
    } else {
      buckets.insert((number, count), at: low)
    }
  }

  private mutating func widen() {
    // Beyond this width there are at most two buckets.
    guard width < Int64.max / 4 else { return }
    width *= 2
    var merged: [(number: Int64, count: Int)] = []
    for (number, count) in buckets {
      let number = Self.floor(number, 2)
      if merged.last?.number == number {
        merged[merged.count - 1].count += count
      } else {
        merged.append((number, count))
      }
    }
    buckets = merged
    lastIndex = 0
  }

  private static func floor(_ value: Int64, _ divisor: Int64) -> Int64 {
    let quotient = value / divisor
    return value % divisor < 0 ? quotient - 1 : quotient
  }
}
