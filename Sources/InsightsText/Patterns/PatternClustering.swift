/// Finds the patterns of lines: the text that they share, with tokens for the parts that vary.
///
/// There are two steps. `add` reads each line once into a `LineShape` and counts equal shapes;
/// `patterns` then joins shapes that differ only in a few words (`ShapeMerging`). The result
/// depends on the lines and how often each occurs, not on their order, until there are `shapeLimit`
/// shapes or they occupy `keptByteLimit`. From then on new shapes are distinguished only by their
/// first word, and no more values and samples are kept.
///
/// ```text
/// 09:15:00 [INFO] user ann logged in       <Time-1> [INFO] user <Token-2> logged in
/// 09:15:07 [INFO] user bob logged in   →
/// …
/// ```
public final class PatternClustering {
  /// The maximum number of shapes that are distinguished in full.
  static let shapeLimit = 65_536
  /// The memory for each byte of a shape, including the words counted while joining shapes.
  private static let costOfShapeByte = 8
  /// The memory for each mark: its values, and the token with its JSON.
  private static let costOfSlot = 512

  private var shapes = ByteTable()
  private var statistics: [ShapeStatistics] = []
  private var shape = LineShape()
  /// The approximate number of bytes that shapes, values and samples occupy, and will need for the
  /// patterns.
  ///
  /// Lines that are distinguished only by their first word may double it.
  public private(set) var keptByteCount = 0
  private let keptByteLimit: Int
  /// The number of the last line's shape.
  private(set) var lastShape = 0

  /// Makes an empty clustering, with a memory limit of 64 MiB for shapes, values and samples.
  public convenience init() { self.init(keptByteLimit: 64 << 20) }

  init(keptByteLimit: Int) { self.keptByteLimit = keptByteLimit }

  /// Adds one line.
  ///
  /// - Parameters:
  ///   - line: its bytes, in any encoding that contains ASCII.
  ///   - timestamp: milliseconds since 1970.
  ///   - isCurrent: whether the line belongs to the current period.
  ///   - isCompared: whether the line belongs to the compared period.
  public func add(
    _ line: UnsafeBufferPointer<UInt8>, timestamp: Int64?, isCurrent: Bool = true,
    isCompared: Bool = false
  ) {
    shape.read(line)
    let number = numberOfShape(lineLength: line.count)
    if number == statistics.count {
      statistics.append(ShapeStatistics(slotCount: shape.slots.count))
      keptByteCount +=
        Self.costOfShapeByte * shape.bytes.count
        + Self.costOfSlot * (shape.slots.count + 1)
    }
    statistics[number].count(timestamp: timestamp, isCurrent: isCurrent, isCompared: isCompared)
    keptByteCount += statistics[number].keep(
      line, slots: shape.slots, timestamp: timestamp,
      hasRoom: keptByteCount < keptByteLimit)
    lastShape = number
  }

  private func numberOfShape(lineLength: Int) -> Int {
    let isFull = shapes.count >= Self.shapeLimit || keptByteCount >= keptByteLimit
    if isFull {
      if let known = shape.bytes.withUnsafeBufferPointer({ shapes.number(of: $0) }) { return known }
      let hasRoom =
        shapes.count < 2 * Self.shapeLimit && keptByteCount < 2 * keptByteLimit
      shape.coarsen(keepingFirstWord: hasRoom, lineLength: lineLength)
    }
    return shape.bytes.withUnsafeBufferPointer { shapes.insert($0) }
  }

  /// Returns the patterns of the lines so far, those with the most lines first, equal ones by their
  /// text.
  public func patterns() -> [LogPattern] {
    var patterns: [LogPattern] = []
    forEachPattern { patterns.append($0) }
    patterns.sort {
      $0.count != $1.count ? $0.count > $1.count : $0.text.lexicographicallyPrecedes($1.text)
    }
    return patterns
  }

  /// Calls `body` with each pattern of the lines so far, in unspecified order.
  func forEachPattern(_ body: (LogPattern) -> Void) {
    for cluster in clusters() { body(pattern(of: cluster)) }
  }

  /// Returns the numbers of the shapes that form each pattern.
  func clusters() -> [ShapeMerging.Cluster] {
    ShapeMerging.clusters(of: shapes, counts: statistics.map(\.totalCount))
  }

  func pattern(of cluster: ShapeMerging.Cluster) -> LogPattern {
    PatternBuilder(cluster: cluster, shapes: shapes, statistics: statistics).pattern()
  }

  /// The number of lines in the current period.
  var currentLineCount: Int { statistics.reduce(0) { $0 + $1.count } }

  /// The time range of the lines; `nil` if none has a time.
  var timeSpan: ClosedRange<Int64>? {
    guard let start = statistics.lazy.compactMap(\.histogram.firstTime).min(),
      let end = statistics.lazy.compactMap(\.histogram.lastTime).max(), start <= end
    else { return nil }
    return start...end
  }
}

/// The statistics of the lines of one shape.
struct ShapeStatistics {
  private(set) var count = 0
  private(set) var comparedCount = 0
  private(set) var totalCount = 0
  /// The values of each mark, in order.
  private(set) var values: [TokenValues]
  private(set) var histogram = TimeHistogram()
  private(set) var samples = LogSamples()

  init(slotCount: Int) {
    values = Array(repeating: TokenValues(), count: slotCount)
  }

  mutating func count(timestamp: Int64?, isCurrent: Bool, isCompared: Bool) {
    totalCount += 1
    if isCurrent { count += 1 }
    if isCompared { comparedCount += 1 }
    if let timestamp { histogram.add(timestamp) }
  }

  /// Keeps the line as a sample, and its values, if needed and if there is room.
  ///
  /// Returns the approximate growth in bytes.
  mutating func keep(
    _ line: UnsafeBufferPointer<UInt8>, slots: [LineShape.Slot], timestamp: Int64?, hasRoom: Bool
  ) -> Int {
    var byteCount = 0
    for (index, slot) in slots.enumerated() where index < values.count {
      byteCount += values[index].add(
        UnsafeBufferPointer(rebasing: line[slot.range]), isNumber: slot.kind == .number,
        hasRoom: hasRoom)
    }
    if hasRoom { byteCount += samples.add(line, timestamp: timestamp) }
    return byteCount
  }
}
