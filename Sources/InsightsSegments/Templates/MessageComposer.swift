internal import InsightsText

/// Composes messages from templates and variables.
///
/// Not thread-safe, like the `MessageTemplates` that it reads.
final class MessageComposer {
  private let templates: MessageTemplates
  /// Returns the times of the events in epoch milliseconds, `SegmentReader.missing` for none.
  private let loadTimestamps: () -> [Int64]?
  private var timestamps: [Int64]?
  private let timeText = TimeText()
  /// The slots of the templates that have been used so far.
  @exclusivity(unchecked) private var parts = GrowingBuffer<Part>()
  /// The index of the first part of each template; -1 before its first use.
  private var partStarts: [Int]
  /// The bytes of the static texts and of the dictionary, padded for reads beyond the end.
  @exclusivity(unchecked) private var texts = GrowingBuffer<UInt8>()
  @exclusivity(unchecked) private var dictionary = GrowingBuffer<UInt8>()
  @exclusivity(unchecked) private var dictionaryOffsets = GrowingBuffer<UInt32>()
  @exclusivity(unchecked) private var uuids = GrowingBuffer<UUID>()
  @exclusivity(unchecked) private var output = GrowingBuffer<UInt8>(capacity: 4096)

  /// A slot with its values.
  private struct Part: BitwiseCopyable {
    var slot: TemplateSlot
    /// The offset of the static text before the slot.
    var textStart: Int
    var textCount: Int
    var values: UnsafePointer<Int64>
  }

  /// The maximum total size of the messages in bytes.
  private static let byteLimit = Int(Int32.max)
  /// The maximum size in bytes of a variable that is not a dictionary text.
  private static let variableLimit = 40

  /// `timestamps` returns the times of all events; called only if messages contain times.
  init(_ templates: MessageTemplates, timestamps: @escaping () -> [Int64]?) {
    self.templates = templates
    loadTimestamps = timestamps
    partStarts = Array(repeating: -1, count: templates.templates.count)
    templates.texts.withUnsafeBufferPointer {
      if let start = $0.baseAddress { texts.append(start, count: $0.count) }
    }
    texts.reserve(Self.chunk)
  }

  /// Returns the messages of some events, concatenated; `nil` if a part is damaged.
  func messages(of events: some Sequence<UInt16>) -> (bytes: [UInt8], offsets: [UInt32])? {
    var offsets: [UInt32] = [0]
    offsets.reserveCapacity(events.underestimatedCount + 1)
    output.count = 0
    guard let indexes = templates.indexes(), let ranks = templates.ranks() else { return nil }
    for event in events {
      let event = Int(event)
      guard append(event, template: Int(indexes[event]), rank: Int(ranks[event])),
        output.count <= Self.byteLimit
      else { return nil }
      offsets.append(UInt32(truncatingIfNeeded: output.count))
    }
    let bytes = Array(output.elements)
    // A decoded segment that is kept would keep its messages twice.
    if output.byteCount > Self.keptByteCount { output = GrowingBuffer() }
    return (bytes, offsets)
  }

  /// Returns the sizes in bytes of the messages of some events, without composing them; `nil` if a
  /// part is damaged.
  func byteCounts(of events: [UInt16]) -> [Int]? {
    guard let indexes = templates.indexes(), let ranks = templates.ranks() else { return nil }
    var counts: [Int] = []
    counts.reserveCapacity(events.count)
    for event in events.map(Int.init) {
      let number = Int(indexes[event])
      guard let first = parts(of: number) else { return nil }
      let template = templates.templates[number]
      var count = template.text.count
      for index in first..<first + template.slots.count {
        let part = parts.start[index]
        count += byteCount(of: part.values[Int(ranks[event])], as: part.slot)
      }
      counts.append(count)
    }
    return counts
  }

  private func byteCount(of value: Int64, as slot: TemplateSlot) -> Int {
    switch slot {
    case .integer: return DecimalDigits.count(of: value.magnitude) + (value < 0 ? 1 : 0)
    case .decimal:
      let decimal = DecimalValue(packed: value)
      let whole = decimal.digits.magnitude / decimal.power
      return DecimalDigits.count(of: whole) + 1 + decimal.scale + (decimal.digits < 0 ? 1 : 0)
    case .uuid: return UUID.textLength
    case .text:
      let place = Int(value)
      return Int(dictionaryOffsets.start[place + 1] - dictionaryOffsets.start[place])
    case .time, .spacedTime, .spacedCommaTime: return TimeLayout.millisecondByteCount
    case .second, .spacedSecond: return TimeLayout.secondByteCount
    }
  }

  /// Calls `body` with the messages of some events of one template, by their ranks among its
  /// events; returns false if a part is damaged.
  func forEachMessage(
    ofTemplate number: Int, ranks: some Sequence<Int>,
    _ body: (_ event: UInt16, UnsafeBufferPointer<UInt8>) -> Void
  ) -> Bool {
    guard let events = templates.events(of: number) else { return false }
    for rank in ranks {
      let event = events[events.startIndex + rank]
      output.count = 0
      guard append(Int(event), template: number, rank: rank) else { return false }
      body(event, output.elements)
    }
    return true
  }

  /// Calls `body` with the rank and the text of each value in a slot with times; returns false if a
  /// part is damaged.
  func forEachTime(
    of index: Int, _ slot: TemplateSlot, ofTemplate number: Int,
    _ body: (_ rank: Int, UnsafeBufferPointer<UInt8>) -> Void
  ) -> Bool {
    guard let events = templates.events(of: number), let values = templates.values(ofSlot: index),
      prepare(slot, values)
    else { return false }
    output.count = 0
    output.reserve(Self.variableLimit)
    for (rank, event) in events.enumerated() {
      guard
        let count = timeText.write(
          TimeLayout.milliseconds(of: values[rank], slot, event: time(of: Int(event))), as: slot,
          to: output.start)
      else { return false }
      body(rank, UnsafeBufferPointer(start: output.start, count: count))
    }
    return true
  }

  /// Returns the reference time of the times in an event's message.
  @inline(__always)
  private func time(of event: Int) -> Int64 {
    let time = timestamps?[event] ?? SegmentReader.missing
    return time == SegmentReader.missing ? 0 : time
  }

  /// Returns the index of the first part of a template; `nil` if one is damaged.
  @inline(__always)
  private func parts(of number: Int) -> Int? {
    let start = partStarts[number]
    return start >= 0 ? start : makeParts(of: number)
  }

  @inline(never)
  private func makeParts(of number: Int) -> Int? {
    let template = templates.templates[number]
    let first = parts.count
    var start = template.text.lowerBound
    for index in template.slots {
      let packed = templates.slots[index]
      guard let slot = MessageTemplates.slot(packed),
        let values = templates.values(ofSlot: index),
        prepare(slot, values)
      else {
        parts.count = first
        return nil
      }
      let end = template.text.lowerBound + MessageTemplates.offset(packed)
      if let values = values.baseAddress {
        parts.append(Part(slot: slot, textStart: start, textCount: end - start, values: values))
      }
      start = end
    }
    partStarts[number] = first
    return first
  }

  /// Prepares the data that values refer to; returns false if a value is invalid.
  private func prepare(_ slot: TemplateSlot, _ values: UnsafeBufferPointer<Int64>) -> Bool {
    var count: Int64
    switch slot.stream {
    case .texts:
      if dictionaryOffsets.count == 0 {
        guard let texts = templates.dictionary()?.texts else { return false }
        texts.bytes.withUnsafeBufferPointer {
          if let start = $0.baseAddress { dictionary.append(start, count: $0.count) }
        }
        dictionary.reserve(Self.chunk)
        for offset in texts.offsets { dictionaryOffsets.append(offset) }
      }
      count = Int64(dictionaryOffsets.count - 1)
    case .uuids:
      if uuids.count == 0 {
        guard let all = templates.uuids() else { return false }
        for uuid in all { uuids.append(uuid) }
      }
      count = Int64(uuids.count)
    case .decimals: return values.allSatisfy { $0 & 15 != 0 }
    case .times:
      if timestamps == nil { timestamps = loadTimestamps() }
      return timestamps?.count == templates.eventCount
    case .integers: return true
    }
    count -= 1
    return values.allSatisfy { $0 >= 0 && $0 <= count }
  }

  private func append(_ event: Int, template number: Int, rank: Int) -> Bool {
    guard let first = parts(of: number) else { return false }
    let template = templates.templates[number]
    let count = template.slots.count
    let staticCount = template.text.count
    output.reserve(staticCount + count * Self.variableLimit + Self.chunk)
    let time = time(of: event)
    var place = output.start + output.count
    var start = template.text.lowerBound
    for index in first..<first + count {
      let part = parts.start[index]
      Self.copy(texts.start + part.textStart, part.textCount, to: place)
      place += part.textCount
      start = part.textStart &+ part.textCount
      let value = part.values[rank]
      switch part.slot {
      case .integer: place += Self.write(value, to: place)
      case .decimal: place += Self.write(DecimalValue(packed: value), to: place)
      case .uuid:
        uuids.start[Int(value)].write(
          to: UnsafeMutableRawBufferPointer(start: place, count: UUID.textLength))
        place += UUID.textLength
      case .text:
        let textStart = Int(dictionaryOffsets.start[Int(value)])
        let textCount = Int(dictionaryOffsets.start[Int(value) &+ 1]) &- textStart
        output.count = place - output.start
        guard textCount <= Self.byteLimit - output.count else { return false }
        output.reserve(staticCount + textCount + count * Self.variableLimit + Self.chunk)
        place = output.start + output.count
        Self.copy(dictionary.start + textStart, textCount, to: place)
        place += textCount
      case .time, .spacedTime, .spacedCommaTime, .second, .spacedSecond:
        let milliseconds = TimeLayout.milliseconds(of: value, part.slot, event: time)
        guard let written = timeText.write(milliseconds, as: part.slot, to: place) else {
          return false
        }
        place += written
      }
    }
    let rest = template.text.upperBound - start
    Self.copy(texts.start + start, rest, to: place)
    output.count = place + rest - output.start
    return true
  }

  /// The number of bytes copied at a time; sources and destinations have that much padding.
  private static let chunk = 16
  /// The maximum memory in bytes that is kept for further messages.
  private static let keptByteCount = 1 << 16

  @inline(__always)
  private static func copy(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, to output: UnsafeMutablePointer<UInt8>
  ) {
    guard count <= 64 else {
      output.update(from: bytes, count: count)
      return
    }
    let source = UnsafeRawPointer(bytes)
    let target = UnsafeMutableRawPointer(output)
    var offset = 0
    while offset < count {
      target.storeBytes(
        of: source.loadUnaligned(fromByteOffset: offset, as: SIMD16<UInt8>.self),
        toByteOffset: offset, as: SIMD16<UInt8>.self)
      offset &+= chunk
    }
  }

  @inline(__always)
  static func write(_ value: Int64, to output: UnsafeMutablePointer<UInt8>) -> Int {
    guard value < 0 else { return DecimalDigits.write(UInt64(value), to: output) }
    output[0] = UInt8(ascii: "-")
    return DecimalDigits.write(value.magnitude, to: output + 1) + 1
  }

  @inline(__always)
  static func write(_ value: DecimalValue, to output: UnsafeMutablePointer<UInt8>) -> Int {
    var count = 0
    if value.digits < 0 {
      output[0] = UInt8(ascii: "-")
      count = 1
    }
    let power = value.power
    let whole = value.digits.magnitude / power
    count += DecimalDigits.write(whole, to: output + count)
    output[count] = UInt8(ascii: ".")
    DecimalDigits.write(
      value.digits.magnitude - whole * power, count: value.scale, to: output + count + 1)
    return count + 1 + value.scale
  }
}
