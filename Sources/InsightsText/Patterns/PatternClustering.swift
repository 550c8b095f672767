/// Finds the patterns of lines: the texts that they share, with tokens where they vary.
///
/// Two steps. `add` reads each line once into a `LineShape` and counts equal shapes; `patterns`
/// then joins shapes that differ only in a few words (`ShapeMerging`). What comes out depends on
/// the lines and how often each occurs, not on their order, as long as there are at most
/// `shapeLimit` shapes; further ones are told apart only by their first word.
///
/// ```text
/// 09:15:00 [INFO] user ann logged in       <Time-1> [INFO] user <Token-2> logged in
/// 09:15:07 [INFO] user bob logged in   →
/// …
/// ```
public final class PatternClustering {
  /// Most shapes that are told apart in full.
  static let shapeLimit = 65_536
  /// Most bytes of such shapes.
  private static let shapeByteLimit = 64 * 1024 * 1024

  private var shapes = ByteTable()
  private var statistics: [ShapeStatistics] = []
  private var shape = LineShape()

  public init() {}

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
    }
    statistics[number].add(
      line, slots: shape.slots, timestamp: timestamp, isCurrent: isCurrent, isCompared: isCompared)
  }

  private func numberOfShape(lineLength: Int) -> Int {
    let isFull = shapes.count >= Self.shapeLimit || shapes.byteCount >= Self.shapeByteLimit
    if isFull {
      if let known = shape.bytes.withUnsafeBufferPointer({ shapes.number(of: $0) }) { return known }
      let hasRoom =
        shapes.count < 2 * Self.shapeLimit && shapes.byteCount < 2 * Self.shapeByteLimit
      shape.coarsen(keepingFirstWord: hasRoom, lineLength: lineLength)
    }
    return shape.bytes.withUnsafeBufferPointer { shapes.insert($0) }
  }

  /// The patterns of the lines so far, those with the most lines first, equal ones by their text.
  public func patterns() -> [LogPattern] {
    let clusters = ShapeMerging.clusters(of: shapes, counts: statistics.map(\.totalCount))
    var patterns = clusters.map { cluster in
      PatternBuilder(cluster: cluster, shapes: shapes, statistics: statistics).pattern()
    }
    patterns.sort {
      $0.count != $1.count ? $0.count > $1.count : $0.text.lexicographicallyPrecedes($1.text)
    }
    return patterns
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

  mutating func add(
    _ line: UnsafeBufferPointer<UInt8>, slots: [LineShape.Slot], timestamp: Int64?, isCurrent: Bool,
    isCompared: Bool
  ) {
    totalCount += 1
    if isCurrent { count += 1 }
    if isCompared { comparedCount += 1 }
    for (index, slot) in slots.enumerated() where index < values.count {
      values[index].add(
        UnsafeBufferPointer(rebasing: line[slot.range]), isNumber: slot.kind == .number)
    }
    if let timestamp { histogram.add(timestamp) }
    samples.add(line, timestamp: timestamp)
  }
}
