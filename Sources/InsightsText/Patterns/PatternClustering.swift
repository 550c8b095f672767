/// Finds the patterns of lines: the texts that they share, with tokens where they vary.
///
/// Two steps. `add` reads each line once into a `LineShape` and counts equal shapes; `patterns`
/// then joins shapes that differ only in a few words (`ShapeMerging`). What comes out depends on
/// the lines and how often each occurs, not on their order, until there are `shapeLimit` shapes or
/// what is kept of them takes `keptByteLimit`. From then on new shapes are told apart only by their
/// first word, and no further values and samples are kept.
///
/// ```text
/// 09:15:00 [INFO] user ann logged in       <Time-1> [INFO] user <Token-2> logged in
/// 09:15:07 [INFO] user bob logged in   →
/// …
/// ```
public final class PatternClustering {
  /// Most shapes that are told apart in full.
  static let shapeLimit = 65_536
  /// What a byte of a shape takes in the end: joining shapes counts their words.
  private static let costOfShapeByte = 8
  /// What a mark takes in the end: its values, and the token with its JSON.
  private static let costOfSlot = 512

  private var shapes = ByteTable()
  private var statistics: [ShapeStatistics] = []
  private var shape = LineShape()
  /// About the bytes that shapes, values and samples take until the patterns are made, and may take;
  /// lines that are told apart by their first word may double it.
  public private(set) var keptByteCount = 0
  private let keptByteLimit: Int
  /// The number of the shape of the last line.
  private(set) var lastShape = 0

  public convenience init() { self.init(keptByteLimit: 64 << 20) }

  init(keptByteLimit: Int) { self.keptByteLimit = keptByteLimit }

  /// Takes in one line.
  ///
  /// - Parameters:
  ///   - line: its bytes, in any encoding that contains ASCII.
  ///   - timestamp: milliseconds since 1970.
  ///   - isCurrent: whether the line counts as one of the pattern's lines.
  ///   - isCompared: whether it lies in the period that is compared with.
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

  /// The patterns of the lines so far, those with the most lines first, equal ones by their text.
  public func patterns() -> [LogPattern] {
    var patterns: [LogPattern] = []
    forEachPattern { patterns.append($0) }
    patterns.sort {
      $0.count != $1.count ? $0.count > $1.count : $0.text.lexicographicallyPrecedes($1.text)
    }
    return patterns
  }

  /// Calls `body` with each pattern of the lines so far, in no particular order.
  func forEachPattern(_ body: (LogPattern) -> Void) {
    for cluster in clusters() { body(pattern(of: cluster)) }
  }

  /// The numbers of the shapes that make each pattern.
  func clusters() -> [ShapeMerging.Cluster] {
    ShapeMerging.clusters(of: shapes, counts: statistics.map(\.totalCount))
  }

  func pattern(of cluster: ShapeMerging.Cluster) -> LogPattern {
    PatternBuilder(cluster: cluster, shapes: shapes, statistics: statistics).pattern()
  }

  /// Lines, without those that are only compared with.
  var currentLineCount: Int { statistics.reduce(0) { $0 + $1.count } }

  /// From when to when there are lines, as far as they have times.
  var timeSpan: ClosedRange<Int64>? {
    guard let start = statistics.lazy.compactMap(\.histogram.firstTime).min(),
      let end = statistics.lazy.compactMap(\.histogram.lastTime).max(), start <= end
    else { return nil }
    return start...end
  }
}

/// What is known of the lines of one shape.
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

  /// Keeps the line as a sample, and the values in it, where there is need and room.
  ///
  /// Returns about how many bytes that takes.
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
