internal import InsightsText

/// Builds the column of one discovered field in a segment.
///
/// Events are counted among those with a JSON object. It starts as a dictionary; if nearly all
/// values are distinct, numbers become plain numbers and texts stay in the messages.
struct FieldColumnBuilder {
  /// The number of distinct values from which on a dictionary must save space.
  private static let dictionaryTrialCount = 256
  /// Longer texts stay in the messages.
  private static let textLengthLimit = 256

  private enum Mode { case dictionary, integers, reals, inMessages }

  /// An entry of the dictionary as written in the message.
  private struct Entry {
    var hash: UInt64
    var kind: JSONScanner.Value.Kind
    var start: Int32
    var length: Int32
    var value: FieldColumn.Value
  }

  private var mode = Mode.dictionary
  private(set) var eventCount = 0
  private var lastEvent = -1
  private var indexes: [UInt16] = []
  private var entries: [Entry] = []
  private var written: [UInt8] = []
  private var texts = Texts()
  /// Open addressing: entry + 1, or 0.
  ///
  /// Its size is a power of two.
  private var slots: [UInt16] = []
  private var integers: [Int64] = []
  private var reals: [Double] = []

  /// Adds the value of an event; of several the first counts.
  ///
  /// Events come in order.
  mutating func append(
    _ kind: JSONScanner.Value.Kind, _ bytes: UnsafeBufferPointer<UInt8>, event: Int
  ) {
    guard event != lastEvent else { return }
    lastEvent = event
    eventCount += 1
    switch mode {
    case .inMessages: break
    case .dictionary: appendEntry(kind, bytes, event)
    case .integers, .reals: appendNumber(kind, bytes, event)
    }
  }

  /// Returns the column of a segment with `count` events, and the bounds by which it may be
  /// skipped.
  mutating func finish(
    count: Int
  ) -> (column: FieldColumn, kind: FieldColumn.Kind, bounds: FieldBounds) {
    if mode == .dictionary, entries.count > 1024, entries.count * 4 > eventCount {
      leaveDictionary()
    }
    var bounds = FieldBounds()
    switch mode {
    case .dictionary:
      indexes.append(
        contentsOf: repeatElement(SegmentReader.noIndex, count: count - indexes.count))
      return (
        .dictionary(values: entries.map(\.value), texts: texts, indexes: indexes), .dictionary,
        entryBounds()
      )
    case .integers:
      integers.append(
        contentsOf: repeatElement(SegmentReader.missing, count: count - integers.count))
      for value in integers where value != SegmentReader.missing { bounds.add(Double(value)) }
      return (.integers(integers), .integers, bounds)
    case .reals:
      reals.append(contentsOf: repeatElement(.nan, count: count - reals.count))
      for value in reals where !value.isNaN { bounds.add(value) }
      return (.reals(reals), .reals, bounds)
    case .inMessages: return (.inMessages, .inMessages, .unknown)
    }
  }

  // MARK: Dictionary

  private mutating func appendEntry(
    _ kind: JSONScanner.Value.Kind, _ bytes: UnsafeBufferPointer<UInt8>, _ event: Int
  ) {
    let hash = FieldColumnBuilder.hash(bytes)
    if slots.isEmpty { slots = [UInt16](repeating: 0, count: 64) }
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let index = Int(slots[slot]) - 1
      if entries[index].hash == hash, isEntry(index, kind, bytes) {
        setIndex(UInt16(index), of: event)
        return
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    // Integers beyond 64 bits cannot be stored either: a text would be displayed as one.
    let isLong =
      kind == .string && bytes.count > FieldColumnBuilder.textLengthLimit
      || kind == .number && NumericText.isWide(bytes)
    let isUseless =
      entries.count >= FieldColumnBuilder.dictionaryTrialCount && entries.count * 4 > eventCount
    if isLong || isUseless {
      leaveDictionary(isLong: isLong)
      if mode != .inMessages { appendNumber(kind, bytes, event) }
      return
    }
    slots[slot] = UInt16(entries.count + 1)
    setIndex(UInt16(entries.count), of: event)
    let start = Int32(written.count)
    written.append(contentsOf: bytes)
    entries.append(
      Entry(
        hash: hash, kind: kind, start: start, length: Int32(bytes.count),
        value: texts.value(FieldValue(kind, bytes))))
    if entries.count * 2 > slots.count { grow() }
  }

  private mutating func setIndex(_ index: UInt16, of event: Int) {
    while indexes.count < event { indexes.append(SegmentReader.noIndex) }
    indexes.append(index)
  }

  private func isEntry(
    _ index: Int, _ kind: JSONScanner.Value.Kind, _ bytes: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    let entry = entries[index]
    guard entry.kind == kind, Int(entry.length) == bytes.count else { return false }
    return written.withUnsafeBufferPointer {
      $0.holds(bytes, in: Int(entry.start)..<Int(entry.start) + bytes.count)
    }
  }

  private mutating func grow() {
    slots = [UInt16](repeating: 0, count: slots.count * 2)
    for (index, entry) in entries.enumerated() {
      var slot = Int(truncatingIfNeeded: entry.hash) & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = UInt16(index + 1)
    }
  }

  private func entryBounds() -> FieldBounds {
    var bounds = FieldBounds()
    for entry in entries {
      switch entry.value {
      case .integer(let integer): bounds.add(Double(integer))
      case .real(let real): bounds.add(real)
      case .text(let text):
        bounds.add(
          texts.bytes.withUnsafeBufferPointer {
            FieldValue.text(UnsafeBufferPointer(rebasing: $0[texts.range(of: text)])).number
          })
      }
    }
    return bounds
  }

  // MARK: Plain numbers

  /// Continues with plain numbers if all values so far can be stored as such.
  private mutating func leaveDictionary(isLong: Bool = false) {
    mode = isLong ? .inMessages : .integers
    for entry in entries where mode != .inMessages {
      switch (entry.kind, entry.value) {
      case (.number, .integer(let integer)) where FieldColumn.isSafe(integer): break
      case (.number, .real): mode = .reals
      default: mode = .inMessages
      }
    }
    switch mode {
    case .integers:
      integers = indexes.map { index in
        guard index != SegmentReader.noIndex,
          case .integer(let integer) = entries[Int(index)].value
        else { return SegmentReader.missing }
        return integer
      }
    case .reals:
      reals = indexes.map { index in
        guard index != SegmentReader.noIndex else { return .nan }
        switch entries[Int(index)].value {
        case .integer(let integer): return Double(integer)
        case .real(let real): return real
        case .text: return .nan
        }
      }
    case .dictionary, .inMessages: break
    }
  }

  private mutating func appendNumber(
    _ kind: JSONScanner.Value.Kind, _ bytes: UnsafeBufferPointer<UInt8>, _ event: Int
  ) {
    guard kind == .number, !NumericText.isWide(bytes), let number = NumericText.number(bytes) else {
      mode = .inMessages
      return
    }
    switch number {
    case .integer(let integer):
      guard FieldColumn.isSafe(integer) else {
        mode = .inMessages
        return
      }
      if mode == .integers {
        while integers.count < event { integers.append(SegmentReader.missing) }
        integers.append(integer)
        return
      }
      appendReal(Double(integer), event)
    case .real(let real):
      if mode == .integers {
        reals = integers.map { $0 == SegmentReader.missing ? .nan : Double($0) }
        mode = .reals
      }
      appendReal(real, event)
    }
  }

  private mutating func appendReal(_ real: Double, _ event: Int) {
    while reals.count < event { reals.append(.nan) }
    reals.append(real)
  }

  private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    let raw = UnsafeRawBufferPointer(bytes)
    var hash = UInt64(truncatingIfNeeded: raw.count)
    func mix(_ word: UInt64) {
      hash = (hash ^ word) &* 0x9FB2_1C65_1E98_DF25
      hash ^= hash >> 32
    }
    func word<Word: FixedWidthInteger>(_ offset: Int, as type: Word.Type) -> UInt64 {
      UInt64(raw.loadUnaligned(fromByteOffset: offset, as: type))
    }
    // The last word overlaps the previous one, so that no byte is processed separately.
    switch raw.count {
    case 8...:
      for offset in stride(from: 0, to: raw.count - 8, by: 8) {
        mix(word(offset, as: UInt64.self))
      }
      mix(word(raw.count - 8, as: UInt64.self))
    case 4...: mix(word(0, as: UInt32.self) | word(raw.count - 4, as: UInt32.self) << 32)
    default: mix(raw.reduce(0) { $0 << 8 | UInt64($1) })
    }
    return hash
  }
}
