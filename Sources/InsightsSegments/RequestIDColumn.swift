/// The request ids of a segment: each once, and the index of each event's.
///
/// A canonical lower-case UUID is stored as 16 bytes, any other id as text.
package struct RequestIDColumn: Sendable {
  /// The entry of each event; `SegmentReader.noIndex` if it has none.
  ///
  /// Entries below `uuids.count` are UUIDs, followed by the `texts`.
  package var indexes: [UInt16]
  package var uuids: [UUID]
  package var texts: Texts

  package var entryCount: Int { uuids.count + texts.count }

  /// Appends an entry as text.
  package func append(_ entry: Int, to output: inout [UInt8]) {
    if entry < uuids.count {
      uuids[entry].append(to: &output)
    } else {
      output.append(contentsOf: texts.bytes[texts.range(of: entry - uuids.count)])
    }
  }

  /// Returns the entries of some events, `nil` for all, ascending.
  package func entries(of rows: [UInt16]?) -> [Int] {
    guard let rows else { return Array(0..<entryCount) }
    var isUsed = [Bool](repeating: false, count: entryCount)
    for row in rows where indexes[Int(row)] != SegmentReader.noIndex {
      isUsed[Int(indexes[Int(row)])] = true
    }
    return isUsed.indices.filter { isUsed[$0] }
  }

  /// Returns the entry of a UUID.
  package func entry(of uuid: UUID) -> Int? { uuids.firstIndex(of: uuid) }

  // MARK: Blocks

  /// Writes the column; UUIDs are written as indexes in `known`, the UUIDs of the messages, if all
  /// are in it.
  func append(to output: inout BlockOutput, ofMessages known: [UUID]) {
    output.append(count: uuids.count)
    if let places = places(in: known) {
      output.append(1)
      IntegerCodec.append(places, asSteps: true, to: &output)
    } else {
      output.append(0)
      output.append(uuids.map(\.high), as: UInt64.self)
      output.append(uuids.map(\.low), as: UInt64.self)
    }
    output.append(count: texts.count)
    texts.append(to: &output)
    IntegerCodec.append(
      indexes: texts.count == 0 ? RequestIDColumn.distances(of: indexes) : indexes, to: &output)
  }

  /// Returns the indexes of the UUIDs in `known`; `nil` if some are missing, or the order is too
  /// different.
  private func places(in known: [UUID]) -> [Int64]? {
    guard !uuids.isEmpty, !known.isEmpty else { return nil }
    var places: [Int64] = []
    places.reserveCapacity(uuids.count)
    var place = 0
    var rest = 4 * known.count
    for uuid in uuids {
      while known[place] != uuid {
        place = place + 1 == known.count ? 0 : place + 1
        rest -= 1
        if rest < 0 { return nil }
      }
      places.append(Int64(place))
    }
    return places
  }

  /// Encodes indexes as the distance to the next new entry.
  ///
  /// Most ids are either new or the latest one, and entries are in the order of their first events,
  /// so the distances compress well.
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

  /// Decodes a column; without `hasIndexes` only its entries.
  ///
  /// `known` returns the UUIDs of the messages.
  init?(
    encoded: [UInt8], eventCount: Int, hasIndexes: Bool = true, ofMessages known: () -> [UUID]?
  ) {
    var input = BlockInput(encoded)
    guard let uuidCount = input.count(limit: eventCount),
      let uuids = Self.uuids(from: &input, count: uuidCount, known),
      let textCount = input.count(limit: eventCount - uuidCount),
      let texts = Texts(from: &input, count: textCount)
    else { return nil }
    self.uuids = uuids
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

  private static func uuids(
    from input: inout BlockInput, count: Int, _ known: () -> [UUID]?
  ) -> [UUID]? {
    switch input.byte() {
    case 0:
      guard let high = input.integers(UInt64.self, count: count),
        let low = input.integers(UInt64.self, count: count)
      else { return nil }
      return zip(high, low).map { UUID(high: $0, low: $1) }
    case 1:
      guard let places = IntegerCodec.integers(from: &input, count: count), let known = known(),
        places.allSatisfy({ $0 >= 0 && $0 < known.count })
      else { return nil }
      return places.map { known[Int($0)] }
    default: return nil
    }
  }
}
