/// Collects the messages of a segment as templates and variables.
///
/// Not thread-safe: each thread has its own.
final class TemplateEncoder {
  @exclusivity(unchecked) private var cutter = TemplateCutter()
  @exclusivity(unchecked) private var numbers = InternTable()
  /// The static texts and slots of all templates, concatenated.
  @exclusivity(unchecked) private var texts = GrowingBuffer<UInt8>(capacity: 65_536)
  @exclusivity(unchecked) private var slots = GrowingBuffer<UInt64>(capacity: 4096)
  @exclusivity(unchecked) private var templates = GrowingBuffer<Template>(capacity: 512)
  /// The template of each event.
  @exclusivity(unchecked) private var indexes = GrowingBuffer<UInt16>(
    capacity: SegmentDirectory.eventLimit)

  /// The values, ordered by template, slot and event.
  @exclusivity(unchecked) private var columns = GrowingBuffer<Int64>()
  /// The index of each template's first value in `columns`.
  private var columnStarts: [Int] = []
  /// The UUIDs in messages in which a variable may be adjacent to further UUIDs.
  private var touchingUUIDs = UUIDFilterBuilder()

  /// A template; offsets are into `texts` and `slots`.
  private struct Template: BitwiseCopyable {
    var textStart: Int
    var textCount: Int
    var slotStart: Int
    var slotCount: Int
    var eventCount: Int
  }

  /// The number of templates above which JSON strings become variables: many distinct texts would
  /// make many templates.
  private static let stringThreshold = 128

  init() {}

  var templateCount: Int { templates.count }
  var eventCount: Int { indexes.count }

  /// The UUIDs of the messages, in order of first occurrence.
  var uuids: [UUID] {
    let words = cutter.uuids.elements
    return (0..<cutter.uuidCount).map { UUID(high: words[2 * $0], low: words[2 * $0 + 1]) }
  }

  /// Returns the filter of all UUIDs in the messages, including `uuids`.
  ///
  /// A UUID that is not a variable is part of a static text or of a dictionary text, unless it is
  /// adjacent to a variable.
  func uuidFilter(of uuids: [UUID]) -> UUIDFilter? {
    var others = touchingUUIDs
    others.add(texts.elements)
    others.add(cutter.texts.elements)
    return others.finish(with: uuids)
  }

  /// Adds the message of the next event; at most `SegmentDirectory.eventLimit`.
  func append(_ message: UnsafeBufferPointer<UInt8>, timestamp: Int64?) {
    cutter.cut(message, event: timestamp ?? 0)
    if cutter.hasTouchingVariable { touchingUUIDs.add(message) }
    let text = cutter.text.elements
    let cuts = cutter.slots.elements
    var hash = UInt64(truncatingIfNeeded: cuts.count)
    for slot in cuts { hash = WordHash.mix(hash, slot) }
    hash = WordHash.hash(cutter.text.start, count: text.count, from: hash)
    let known = templates.start
    let knownTexts = texts.start
    let knownSlots = slots.start
    let (number, isNew) = numbers.number(of: hash) { number in
      let template = known[number]
      guard template.textCount == text.count, template.slotCount == cuts.count else {
        return false
      }
      let start = knownSlots + template.slotStart
      for index in 0..<cuts.count where start[index] != cuts[index] { return false }
      return WordHash.isSame(
        knownTexts + template.textStart, cutter.text.start, count: text.count)
    }
    if isNew {
      templates.append(
        Template(
          textStart: texts.count, textCount: text.count, slotStart: slots.count,
          slotCount: cuts.count, eventCount: 0))
      texts.append(cutter.text.start, count: text.count)
      slots.append(cutter.slots.start, count: cuts.count)
      if number == Self.stringThreshold { cutter.takesStrings = true }
    }
    templates.start[number].eventCount &+= 1
    indexes.append(UInt16(truncatingIfNeeded: number))
  }

  // MARK: What was cut

  /// The division of an event's message into template and variables.
  struct Cut {
    var template: Int
    /// The slots, as `TemplateSlot.packed`.
    var slots: UnsafeBufferPointer<UInt64>
    /// For each slot, the offset in the message after it.
    var stops: UnsafeBufferPointer<Int32>
  }

  /// Returns the division of an event's message; `firstValue` is the number of values in previous
  /// events, and is advanced.
  func cut(ofEvent event: Int, firstValue: inout Int) -> Cut {
    let number = Int(indexes.start[event])
    let count = templates.start[number].slotCount
    defer { firstValue += count }
    return Cut(
      template: number, slots: slots(ofTemplate: number),
      stops: UnsafeBufferPointer(start: cutter.stops.start + firstValue, count: count))
  }

  /// Returns the slots of a template, as `TemplateSlot.packed`.
  func slots(ofTemplate number: Int) -> UnsafeBufferPointer<UInt64> {
    let template = templates.start[number]
    return UnsafeBufferPointer(start: slots.start + template.slotStart, count: template.slotCount)
  }

  /// Returns the static text of a template.
  func text(ofTemplate number: Int) -> UnsafeBufferPointer<UInt8> {
    let template = templates.start[number]
    return UnsafeBufferPointer(start: texts.start + template.textStart, count: template.textCount)
  }

  func eventCount(ofTemplate number: Int) -> Int { templates.start[number].eventCount }

  /// Returns the values of a slot, one for each event of its template; valid after `encoded`.
  func values(ofSlot slot: Int, ofTemplate number: Int) -> UnsafeBufferPointer<Int64> {
    let count = templates.start[number].eventCount
    return UnsafeBufferPointer(
      start: columns.start + columnStarts[number] + slot * count, count: count)
  }

  /// Returns a text of the dictionary.
  func text(_ number: Int) -> UnsafeBufferPointer<UInt8> {
    let start = cutter.textOffsets.start[number]
    return UnsafeBufferPointer(
      start: cutter.texts.start + start, count: cutter.textOffsets.start[number + 1] - start)
  }

  var textCount: Int { cutter.textCount }

  // MARK: Encoding

  /// Returns the blocks of the messages, uncompressed.
  func encoded() -> [(part: TemplatePart, bytes: [UInt8])] {
    var blocks: [(part: TemplatePart, bytes: [UInt8])] = []
    blocks.append((.templates, encodedTemplates()))
    var output = BlockOutput()
    IntegerCodec.append(indexes: Array(indexes.elements), to: &output)
    if templates.count > 1 { blocks.append((.indexes, output.bytes)) }
    if cutter.textCount > 0 { blocks.append((.dictionary, encodedDictionary())) }
    if cutter.uuidCount > 0 { blocks.append((.uuids, encodedUUIDs())) }
    blocks.append(contentsOf: encodedVariables().filter { !$0.bytes.isEmpty })
    return blocks
  }

  /// Resets the encoder for the next segment.
  func removeAll() {
    cutter.removeAll()
    numbers.removeAll()
    texts.count = 0
    slots.count = 0
    templates.count = 0
    indexes.count = 0
    touchingUUIDs = UUIDFilterBuilder()
  }

  private func encodedTemplates() -> [UInt8] {
    var output = BlockOutput()
    output.append(count: templates.count)
    for template in templates.elements {
      output.append(varint: UInt64(template.eventCount))
      output.append(varint: UInt64(template.textCount))
      output.append(varint: UInt64(template.slotCount))
      var last: UInt64 = 0
      for index in 0..<template.slotCount {
        let slot = slots.start[template.slotStart + index]
        output.append(varint: slot >> 8 - last)
        output.append(UInt8(truncatingIfNeeded: slot))
        last = slot >> 8
      }
    }
    output.append(texts.elements)
    return output.bytes
  }

  private func encodedDictionary() -> [UInt8] {
    var output = BlockOutput()
    let offsets = cutter.textOffsets.elements
    output.append(count: cutter.textCount)
    for index in 0..<cutter.textCount {
      output.append(varint: UInt64(offsets[index + 1] - offsets[index]))
    }
    output.append(cutter.texts.elements)
    return output.bytes
  }

  private func encodedUUIDs() -> [UInt8] {
    var output = BlockOutput()
    output.append(Array(cutter.uuids.elements), as: UInt64.self)
    return output.bytes
  }

  /// Returns the values of each stream, column by column, in the order of templates and slots.
  private func encodedVariables() -> [(part: TemplatePart, bytes: [UInt8])] {
    var plain = VariableWriter()
    var ofObjects = VariableWriter()
    let count = cutter.values.count
    // For each template, the next index for the first value of an event.
    var nexts = [Int](repeating: 0, count: templates.count)
    var start = 0
    for (number, template) in templates.elements.enumerated() {
      nexts[number] = start
      start += template.eventCount * template.slotCount
    }
    columnStarts = nexts
    guard count > 0 else { return [] }
    self.columns.count = 0
    self.columns.reserve(count)
    self.columns.count = count
    let columns = self.columns.start
    let values = cutter.values.start
    let indexes = indexes.elements
    let templates = templates.elements
    nexts.withUnsafeMutableBufferPointer { nexts in
      var value = 0
      for index in indexes {
        let template = templates[Int(index)]
        var place = nexts[Int(index)]
        nexts[Int(index)] = place &+ 1
        for _ in 0..<template.slotCount {
          columns[place] = values[value]
          value &+= 1
          place &+= template.eventCount
        }
      }
    }
    var column = columns
    for (number, template) in templates.enumerated() {
      let isOfObject = MessageTemplates.mayBeObject(text(ofTemplate: number))
      for index in 0..<template.slotCount {
        let rawValue = UInt8(truncatingIfNeeded: slots.start[template.slotStart + index])
        let values = UnsafeBufferPointer(start: column, count: template.eventCount)
        if let slot = TemplateSlot(rawValue: rawValue) {
          if isOfObject {
            ofObjects.append(values, to: slot.stream)
          } else {
            plain.append(values, to: slot.stream)
          }
        }
        column += template.eventCount
      }
    }
    return plain.streams.map { (.variables($0.0), $0.1) }
      + ofObjects.streams.map { (.objectVariables($0.0), $0.1) }
  }
}

/// The blocks of a segment's messages.
enum TemplatePart: Hashable, Sendable {
  /// The static texts, with their slots and the number of events that have them.
  case templates
  /// The template of each event; omitted if there is only one.
  case indexes
  /// The distinct texts.
  case dictionary
  /// The distinct UUIDs.
  case uuids
  /// The discovered fields in templates; see `TemplateField`.
  case fields
  case variables(VariableStream)
  /// The variables of JSON templates; separate, so that fields can be read without the other
  /// variables.
  case objectVariables(VariableStream)
}
