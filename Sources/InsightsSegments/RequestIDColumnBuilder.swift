internal import InsightsText

/// Builds the request id column of a segment.
struct RequestIDColumnBuilder {
  private var indexes: [UInt16] = []
  private var uuids: [UUID] = []
  /// Open addressing: the index of a UUID + 1, or 0; the size is a power of two.
  private var slots = [UInt16](repeating: 0, count: 1024)
  private var texts = Texts()
  private var textIndexes: [[UInt8]: UInt16] = [:]
  /// The text of the last UUID: consecutive events usually share one, and comparing is faster than
  /// parsing.
  private var lastText: [UInt8] = []
  private var lastIndex: UInt16 = 0

  /// The number of the first text id until `finish`, when the number of UUIDs is known.
  private static let firstTextIndex: UInt16 = 0x8000

  /// Adds the id of the next event.
  mutating func append(_ id: UnsafeBufferPointer<UInt8>?) {
    guard let id else {
      indexes.append(SegmentReader.noIndex)
      return
    }
    if lastText.count == id.count,
      lastText.withUnsafeBufferPointer({ $0.holds(id, in: 0..<$0.count) })
    {
      indexes.append(lastIndex)
      return
    }
    lastText.removeAll(keepingCapacity: true)
    lastText.append(contentsOf: id)
    lastIndex = index(of: id)
    indexes.append(lastIndex)
  }

  private mutating func index(of id: UnsafeBufferPointer<UInt8>) -> UInt16 {
    if let uuid = UUID(id) { return index(of: uuid) }
    let key = Array(id)
    if let known = textIndexes[key] { return known }
    let index = RequestIDColumnBuilder.firstTextIndex + UInt16(texts.count)
    texts.append(id)
    textIndexes[key] = index
    return index
  }

  private mutating func index(of uuid: UUID) -> UInt16 {
    let free = slot(of: uuid)
    if slots[free] > 0 { return slots[free] - 1 }
    let index = UInt16(uuids.count)
    uuids.append(uuid)
    slots[free] = index + 1
    if uuids.count * 2 > slots.count {
      slots = [UInt16](repeating: 0, count: slots.count * 2)
      for (index, uuid) in uuids.enumerated() { slots[slot(of: uuid)] = UInt16(index + 1) }
    }
    return index
  }

  /// Returns the slot of a UUID, or the free slot for it.
  private func slot(of uuid: UUID) -> Int {
    let hash = (uuid.high ^ uuid.low &* 0x9FB2_1C65_1E98_DF25) &* 0x9E37_79B9_7F4A_7C15
    var slot = Int(truncatingIfNeeded: hash >> 40) & (slots.count - 1)
    while slots[slot] > 0, uuids[Int(slots[slot]) - 1] != uuid {
      slot = (slot + 1) & (slots.count - 1)
    }
    return slot
  }

  /// Returns the column; `nil` if no event has a request id.
  ///
  /// The builder is empty afterwards.
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
