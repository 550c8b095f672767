internal import InsightsText

/// The messages of a segment as templates and variables; each part is decoded on first use.
///
/// Functions return `nil` for a damaged part. Not thread-safe.
final class MessageTemplates {
  /// A template; offsets are into `texts` and `slots`.
  struct Template: Sendable {
    var text: Range<Int>
    var slots: Range<Int>
    var eventCount: Int
  }

  let templates: [Template]
  /// The slots of all templates, as `TemplateSlot.packed`.
  let slots: [UInt64]
  /// The block of templates, which contains their static texts.
  let texts: [UInt8]
  let eventCount: Int
  private let load: (TemplatePart) -> [UInt8]?
  private var knownIndexes: [UInt16]?
  private var knownRanks: [UInt16]?
  private var knownEvents: (events: [UInt16], starts: [Int])?
  private var knownDictionary: Texts?
  private var knownUUIDs: [UUID]?
  private var streams: [VariableColumns?] = parts.map { _ in nil }
  /// For each slot, the index in `parts` of the block with its values, and its column there.
  private let columns: [(part: Int, column: Int)]
  /// The number of values in each column of each part.
  private let columnCounts: [[Int]]

  /// The blocks of variables.
  private static let parts: [(part: TemplatePart, stream: VariableStream)] =
    VariableStream.allCases.map { (.variables($0), $0) }
    + VariableStream.allCases.map { (.objectVariables($0), $0) }

  private static func partIndex(of stream: VariableStream, ofObject: Bool) -> Int {
    stream.rawValue + (ofObject ? VariableStream.allCases.count : 0)
  }

  /// Whether a template with this static text may be a JSON object, whose variables are stored
  /// separately.
  static func mayBeObject(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    text.first == UInt8(ascii: "{")
  }

  /// Decodes the block of templates; `nil` if it is damaged.
  ///
  /// `load` returns the other blocks, decompressed.
  init?(_ block: [UInt8], eventCount: Int, load: @escaping (TemplatePart) -> [UInt8]?) {
    var input = BlockInput(block)
    guard let count = input.count(limit: eventCount) else { return nil }
    var templates: [Template] = []
    templates.reserveCapacity(count)
    var slots: [UInt64] = []
    var textCount = 0
    var events = 0
    for _ in 0..<count {
      guard let template = Self.template(from: &input, textStart: textCount, &slots),
        template.eventCount <= eventCount - events
      else { return nil }
      events += template.eventCount
      textCount = template.text.upperBound
      templates.append(template)
    }
    guard events == eventCount, textCount == block.count - input.index else { return nil }
    let start = input.index
    var columns: [(part: Int, column: Int)] = []
    columns.reserveCapacity(slots.count)
    var columnCounts: [[Int]] = Self.parts.map { _ in [] }
    for index in templates.indices {
      let template = templates[index]
      let text = template.text.lowerBound + start..<template.text.upperBound + start
      templates[index].text = text
      let isOfObject = block.withUnsafeBufferPointer {
        Self.mayBeObject(UnsafeBufferPointer(rebasing: $0[text]))
      }
      for slot in template.slots {
        guard let stream = Self.slot(slots[slot])?.stream else { return nil }
        let part = Self.partIndex(of: stream, ofObject: isOfObject)
        columns.append((part, columnCounts[part].count))
        columnCounts[part].append(template.eventCount)
      }
    }
    self.templates = templates
    self.slots = slots
    self.columns = columns
    self.columnCounts = columnCounts
    texts = block
    self.eventCount = eventCount
    self.load = load
  }

  private static func template(
    from input: inout BlockInput, textStart: Int, _ slots: inout [UInt64]
  ) -> Template? {
    guard let eventCount = input.varint(limit: SegmentDirectory.eventLimit),
      let textCount = input.varint(limit: Int(Int32.max)),
      let slotCount = input.varint(limit: TemplateSlot.limit)
    else { return nil }
    let first = slots.count
    var offset = 0
    for _ in 0..<slotCount {
      guard let step = input.varint(limit: textCount - offset),
        let slot = input.byte().flatMap(TemplateSlot.init)
      else { return nil }
      offset += step
      slots.append(slot.packed(at: offset))
    }
    return Template(
      text: textStart..<textStart + textCount, slots: first..<slots.count, eventCount: eventCount)
  }

  /// Returns the type of a packed slot.
  @inline(__always)
  static func slot(_ packed: UInt64) -> TemplateSlot? {
    TemplateSlot(rawValue: UInt8(truncatingIfNeeded: packed))
  }

  /// Returns the offset of a packed slot in the static text of its template.
  @inline(__always)
  static func offset(_ packed: UInt64) -> Int { Int(packed >> 8) }

  // MARK: Events

  /// Returns the template of each event.
  func indexes() -> [UInt16]? {
    if let knownIndexes { return knownIndexes }
    var indexes = [UInt16](repeating: 0, count: eventCount)
    if templates.count > 1 {
      guard let block = load(.indexes) else { return nil }
      var input = BlockInput(block)
      guard
        let read = IntegerCodec.indexes(from: &input, count: eventCount, limit: templates.count)
      else { return nil }
      indexes = read
      var counts = [Int](repeating: 0, count: templates.count)
      counts.withUnsafeMutableBufferPointer { counts in
        indexes.withUnsafeBufferPointer { for index in $0 { counts[Int(index)] &+= 1 } }
      }
      for (number, template) in templates.enumerated() where counts[number] != template.eventCount {
        return nil
      }
    }
    knownIndexes = indexes
    return indexes
  }

  /// Returns the rank of each event among those with the same template.
  func ranks() -> [UInt16]? {
    if let knownRanks { return knownRanks }
    guard let indexes = indexes() else { return nil }
    var nexts = [UInt16](repeating: 0, count: templates.count)
    let ranks = indexes.map { index in
      defer { nexts[Int(index)] &+= 1 }
      return nexts[Int(index)]
    }
    knownRanks = ranks
    return ranks
  }

  /// Returns the events of a template, ascending.
  func events(of template: Int) -> ArraySlice<UInt16>? {
    if knownEvents == nil {
      guard let indexes = indexes() else { return nil }
      var starts = [0]
      for template in templates { starts.append((starts.last ?? 0) + template.eventCount) }
      var nexts = starts
      var events = [UInt16](repeating: 0, count: eventCount)
      events.withUnsafeMutableBufferPointer { events in
        nexts.withUnsafeMutableBufferPointer { nexts in
          indexes.withUnsafeBufferPointer { indexes in
            for event in 0..<indexes.count {
              let template = Int(indexes[event])
              events[nexts[template]] = UInt16(truncatingIfNeeded: event)
              nexts[template] &+= 1
            }
          }
        }
      }
      knownEvents = (events, starts)
    }
    guard let known = knownEvents else { return nil }
    return known.events[known.starts[template]..<known.starts[template + 1]]
  }

  // MARK: Variables

  /// Returns the values of a slot, one for each event of its template; valid as long as this
  /// object.
  func values(ofSlot index: Int) -> UnsafeBufferPointer<Int64>? {
    let (number, column) = columns[index]
    if streams[number] == nil {
      let (part, stream) = Self.parts[number]
      guard let block = load(part),
        let columns = VariableColumns(block, of: stream, counts: columnCounts[number])
      else { return nil }
      streams[number] = columns
    }
    return streams[number]?.values(ofColumn: column)
  }

  /// Whether any template has a variable in a stream.
  private func hasVariables(_ stream: VariableStream) -> Bool {
    [false, true].contains {
      !columnCounts[Self.partIndex(of: stream, ofObject: $0)].isEmpty
    }
  }

  /// Returns the distinct texts.
  func dictionary() -> Texts? {
    if let knownDictionary { return knownDictionary }
    var texts = Texts()
    if hasVariables(.texts) {
      guard let block = load(.dictionary) else { return nil }
      var input = BlockInput(block)
      guard let count = input.count(limit: block.count) else { return nil }
      var lengths: [Int64] = []
      lengths.reserveCapacity(count)
      for _ in 0..<count {
        guard let length = input.varint(limit: block.count) else { return nil }
        lengths.append(Int64(length))
      }
      guard let offsets = Texts.offsets(ofLengths: lengths),
        let bytes = input.bytes(count: Int(offsets[count])), input.isAtEnd
      else { return nil }
      texts.offsets = offsets
      texts.bytes = bytes
    }
    knownDictionary = texts
    return texts
  }

  /// Returns the UUIDs in a block.
  static func uuids(in block: [UInt8]) -> [UUID]? {
    var input = BlockInput(block)
    guard block.count % 16 == 0,
      let words = input.integers(UInt64.self, count: block.count / 8)
    else { return nil }
    return (0..<words.count / 2).map { UUID(high: words[2 * $0], low: words[2 * $0 + 1]) }
  }

  /// Returns the distinct UUIDs.
  func uuids() -> [UUID]? {
    if let knownUUIDs { return knownUUIDs }
    var uuids: [UUID] = []
    if hasVariables(.uuids) {
      guard let read = load(.uuids).flatMap({ Self.uuids(in: $0) }) else { return nil }
      uuids = read
    }
    knownUUIDs = uuids
    return uuids
  }
}
