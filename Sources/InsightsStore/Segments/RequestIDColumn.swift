/// The request ids of a segment: each once, and the index of each event's.
///
/// A canonical lower-case UUID is stored as 16 bytes, any other id as text.
struct RequestIDColumn: Sendable {
  /// The entry of each event; `SegmentReader.noIndex` if it has none.
  ///
  /// Entries below `uuids.count` are UUIDs, followed by the `texts`.
  var indexes: [UInt16]
  var uuids: [UUID]
  var texts: Texts

  var entryCount: Int { uuids.count + texts.count }

  /// Appends an entry as text.
  func append(_ entry: Int, to output: inout [UInt8]) {
    if entry < uuids.count {
      uuids[entry].append(to: &output)
    } else {
      output.append(contentsOf: texts.bytes[texts.range(of: entry - uuids.count)])
    }
  }

  /// Returns the entries of the selected events, ascending.
  func entries(of selection: Selection) -> [Int] {
    var isUsed = [Bool](repeating: selection.rows == nil, count: entryCount)
    for row in selection.rows ?? [] where indexes[Int(row)] != SegmentReader.noIndex {
      isUsed[Int(indexes[Int(row)])] = true
    }
    return isUsed.indices.filter { isUsed[$0] }
  }

  /// Returns the entry of a UUID.
  func entry(of uuid: UUID) -> Int? { uuids.firstIndex(of: uuid) }

  // MARK: Blocks

  func append(to output: inout BlockOutput) {
    output.append(count: uuids.count)
    output.append(uuids.map(\.high), as: UInt64.self)
    output.append(uuids.map(\.low), as: UInt64.self)
    output.append(count: texts.count)
    texts.append(to: &output)
    IntegerCodec.append(
      indexes: texts.count == 0 ? RequestIDColumn.distances(of: indexes) : indexes, to: &output)
  }

  /// Ids mostly are a new one or the latest: entries, which are in the order of their first events,
  /// are kept as the distance from the next new one, which compresses well.
  private static func distances(of indexes: [UInt16]) -> [UInt16] {
    var next: UInt16 = 0
    return indexes.map { index in
      guard index != SegmentReader.noIndex else { return index }
      defer { next = max(next, index + 1) }
      return next - index
    }
  }

  /// Decodes `distances`; `nil` for invalid data.
  private static func indexes(ofDistances distances: [UInt16], count: Int) -> [UInt16]? {
    var next: UInt16 = 0
    var indexes = distances
    for event in distances.indices where distances[event] != SegmentReader.noIndex {
      guard distances[event] <= next else { return nil }
      let index = next - distances[event]
      guard Int(index) < count else { return nil }
      next = max(next, index + 1)
      indexes[event] = index
    }
    return indexes
  }

  init(indexes: [UInt16], uuids: [UUID], texts: Texts) {
    self.indexes = indexes
    self.uuids = uuids
    self.texts = texts
  }

  /// Without `hasIndexes` only the entries are read.
  init?(encoded: [UInt8], eventCount: Int, hasIndexes: Bool = true) {
    var input = BlockInput(encoded)
    guard let uuidCount = input.count(limit: eventCount),
      let high = input.integers(UInt64.self, count: uuidCount),
      let low = input.integers(UInt64.self, count: uuidCount),
      let textCount = input.count(limit: eventCount - uuidCount),
      let texts = Texts(from: &input, count: textCount)
    else { return nil }
    uuids = zip(high, low).map { UUID(high: $0, low: $1) }
    self.texts = texts
    indexes = []
    guard hasIndexes else { return }
    guard
      let stored = IntegerCodec.indexes(
        from: &input, count: eventCount, limit: uuidCount + textCount + 1, allowsNone: true),
      let indexes = textCount == 0
        ? RequestIDColumn.indexes(ofDistances: stored, count: uuidCount) : stored,
      indexes.allSatisfy({ Int($0) < uuidCount + textCount || $0 == SegmentReader.noIndex })
    else { return nil }
    self.indexes = indexes
  }
}
