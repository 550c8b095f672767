/// Texts laid end to end.
struct Texts: Sendable {
  var bytes: [UInt8] = []
  /// Where each text starts, and at last where they end.
  var offsets: [UInt32] = [0]

  var count: Int { offsets.count - 1 }

  func range(of index: Int) -> Range<Int> {
    Int(offsets[index])..<Int(offsets[index + 1])
  }

  mutating func append(_ text: UnsafeBufferPointer<UInt8>) {
    bytes.append(contentsOf: text)
    offsets.append(UInt32(truncatingIfNeeded: bytes.count))
  }
}

/// One text per event, or none.
struct OptionalTexts: Sendable {
  var texts: Texts
  /// Whether each event has one; the text of those that have none is empty.
  var isPresent: [Bool]
}
