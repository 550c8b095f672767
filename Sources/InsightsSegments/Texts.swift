/// Texts, concatenated.
package struct Texts: Sendable {
  package var bytes: [UInt8] = []
  /// The start of each text, followed by the end of the last one.
  var offsets: [UInt32] = [0]

  init() {}

  var count: Int { offsets.count - 1 }

  package func range(of index: Int) -> Range<Int> {
    Int(offsets[index])..<Int(offsets[index + 1])
  }

  mutating func append(_ text: UnsafeBufferPointer<UInt8>) {
    bytes.append(contentsOf: text)
    offsets.append(UInt32(truncatingIfNeeded: bytes.count))
  }

  // MARK: Blocks

  func append(to output: inout BlockOutput) {
    let lengths = (0..<count).map { Int64(range(of: $0).count) }
    IntegerCodec.append(lengths, asSteps: false, to: &output)
    output.append(bytes)
  }

  init?(from input: inout BlockInput, count: Int) {
    guard let lengths = IntegerCodec.integers(from: &input, count: count),
      let offsets = Texts.offsets(ofLengths: lengths),
      let bytes = input.bytes(count: Int(offsets[count]))
    else { return nil }
    self.offsets = offsets
    self.bytes = bytes
  }

  /// Returns the offsets for texts of these lengths; `nil` if they are impossible.
  static func offsets(ofLengths lengths: [Int64]) -> [UInt32]? {
    var offsets: [UInt32] = [0]
    offsets.reserveCapacity(lengths.count + 1)
    var end: Int64 = 0
    for length in lengths {
      guard length >= 0, length <= Int64(Int32.max) else { return nil }
      end += length
      guard end <= Int64(Int32.max) else { return nil }
      offsets.append(UInt32(truncatingIfNeeded: end))
    }
    return offsets
  }
}

/// One optional text per event.
package struct OptionalTexts: Sendable {
  package var texts = Texts()
  /// Whether each event has one; the text of the others is empty.
  package var isPresent: [Bool] = []

  init() {}

  /// Returns the text of an event.
  package subscript(event: Int) -> ArraySlice<UInt8>? {
    isPresent[event] ? texts.bytes[texts.range(of: event)] : nil
  }

  mutating func append(_ text: UnsafeBufferPointer<UInt8>?) {
    texts.append(text ?? UnsafeBufferPointer(start: nil, count: 0))
    isPresent.append(text != nil)
  }

  /// Appends the text of an event; events since the last one have none.
  mutating func append(_ text: UnsafeBufferPointer<UInt8>, at event: Int) {
    while isPresent.count < event { append(nil) }
    append(text)
  }

  /// Returns the texts of `count` events, filling up with none; `nil` if no event has one.
  func whole(count: Int) -> OptionalTexts? {
    guard !isPresent.isEmpty else { return nil }
    var texts = self
    while texts.isPresent.count < count { texts.append(nil) }
    return texts
  }

  // MARK: Blocks

  func append(to output: inout BlockOutput) {
    output.append(isPresent.map { $0 ? 1 : 0 })
    texts.append(to: &output)
  }

  init?(from input: inout BlockInput, count: Int) {
    guard let presence = input.bytes(count: count), let texts = Texts(from: &input, count: count)
    else { return nil }
    isPresent = presence.map { $0 != 0 }
    self.texts = texts
  }
}
