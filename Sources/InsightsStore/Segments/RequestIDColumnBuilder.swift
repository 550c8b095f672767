internal import InsightsText

/// Gathers the request ids of a segment.
struct RequestIDColumnBuilder {
  private var indexes: [UInt16] = []
  private var uuids: [UUID] = []
  private var uuidIndexes: [UUID: UInt16] = [:]
  private var texts = Texts()
  private var textIndexes: [[UInt8]: UInt16] = [:]
  /// The text of the last UUID: neighbours mostly share one, and comparing is cheaper than reading.
  private var lastText: [UInt8] = []
  private(set) var lastIndex: UInt16 = 0

  /// Texts are numbered from here until `finish` knows the number of UUIDs.
  private static let firstTextIndex: UInt16 = 0x8000

  /// Takes in the id of the next event and says whether it is a UUID.
  mutating func append(_ id: UnsafeBufferPointer<UInt8>?) -> Bool {
    guard let id else {
      indexes.append(SegmentReader.noIndex)
      return false
    }
    if lastText.count == id.count,
      lastText.withUnsafeBufferPointer({ $0.holds(id, in: 0..<$0.count) })
    {
      indexes.append(lastIndex)
      return lastIndex < RequestIDColumnBuilder.firstTextIndex
    }
    lastText.removeAll(keepingCapacity: true)
    lastText.append(contentsOf: id)
    lastIndex = index(of: id)
    indexes.append(lastIndex)
    return lastIndex < RequestIDColumnBuilder.firstTextIndex
  }

  private mutating func index(of id: UnsafeBufferPointer<UInt8>) -> UInt16 {
    if let uuid = UUID(id) {
      if let known = uuidIndexes[uuid] { return known }
      let index = UInt16(uuids.count)
      uuids.append(uuid)
      uuidIndexes[uuid] = index
      return index
    }
    let key = Array(id)
    if let known = textIndexes[key] { return known }
    let index = RequestIDColumnBuilder.firstTextIndex + UInt16(texts.count)
    texts.append(id)
    textIndexes[key] = index
    return index
  }

  /// The column; `nil` where no event has a request id.
  ///
  /// The builder is empty again.
  mutating func finish() -> RequestIDColumn? {
    defer { self = RequestIDColumnBuilder() }
    guard !uuids.isEmpty || texts.count > 0 else { return nil }
    if texts.count > 0 {
      let shift = RequestIDColumnBuilder.firstTextIndex - UInt16(uuids.count)
      for position in indexes.indices
      where indexes[position] >= RequestIDColumnBuilder.firstTextIndex
        && indexes[position] != SegmentReader.noIndex
      {
        indexes[position] -= shift
      }
    }
    return RequestIDColumn(indexes: indexes, uuids: uuids, texts: texts)
  }
}
