/// The oldest lines of a pattern; lines without a time come last, equal times in order of text.
public struct LogSamples: Sendable {
  static let limit = 5
  /// Longer lines are truncated.
  private static let byteLimit = 4096

  /// One line.
  public struct Sample: Sendable {
    /// Milliseconds since 1970; `nil` if the line has no time.
    public var timestamp: Int64?
    /// The text of the line, possibly truncated.
    public var text: [UInt8]

    /// The approximate memory of the sample in bytes.
    fileprivate var cost: Int { text.count + 64 }
  }

  /// The samples, oldest first.
  public private(set) var samples: [Sample] = []

  /// Adds a line if it belongs to the samples; returns the approximate growth in bytes.
  @inline(__always)
  mutating func add(_ line: UnsafeBufferPointer<UInt8>, timestamp: Int64?) -> Int {
    if samples.count == Self.limit {
      let last = samples[Self.limit - 1]
      let time = timestamp ?? .max
      let lastTime = last.timestamp ?? .max
      guard
        time < lastTime
          || time == lastTime
            && line.prefix(Self.byteLimit)
              .lexicographicallyPrecedes(last.text)
      else { return 0 }
    }
    let dropped = samples.count == Self.limit ? samples[Self.limit - 1].cost : 0
    let sample = Sample(timestamp: timestamp, text: Array(line.prefix(Self.byteLimit)))
    insert(sample)
    return sample.cost - dropped
  }

  mutating func merge(_ other: LogSamples) {
    for sample in other.samples { insert(sample) }
  }

  private mutating func insert(_ sample: Sample) {
    let index = samples.firstIndex { Self.precedes(sample, $0) } ?? samples.count
    guard index < Self.limit else { return }
    samples.insert(sample, at: index)
    if samples.count > Self.limit { samples.removeLast() }
  }

  private static func precedes(_ left: Sample, _ right: Sample) -> Bool {
    let leftTime = left.timestamp ?? .max
    let rightTime = right.timestamp ?? .max
    return leftTime != rightTime
      ? leftTime < rightTime : left.text.lexicographicallyPrecedes(right.text)
  }
}
