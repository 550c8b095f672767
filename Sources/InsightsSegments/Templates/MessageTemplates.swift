internal import InsightsText

/// The messages of a segment as templates and variables; each part is decoded on first use.
///
/// Functions return `nil` for a damaged part. Not thread-safe.
final class MessageTemplates {
  typealias Template = TemplateDirectory.Template

  private let directory: TemplateDirectory
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
  private var knownDictionary: TemplateDirectory.Dictionary?
  private var knownUUIDs: [UUID]?
  private var streams: [VariableColumns?] = TemplateDirectory.parts.map { _ in nil }

  /// Whether a template with this static text may be a JSON object, whose variables are stored
  /// separately.
  static func mayBeObject(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    text.first == UInt8(ascii: "{")
  }

  /// The messages of these templates; `load` returns the blocks of their parts, decompressed.
  init(_ directory: TemplateDirectory, load: @escaping (TemplatePart) -> [UInt8]?) {
    self.directory = directory
    templates = directory.templates
    slots = directory.slots
    texts = directory.texts
    eventCount = directory.eventCount
    self.load = load
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
    let (number, column) = directory.columns[index]
    if streams[number] == nil {
      let (part, stream) = TemplateDirectory.parts[number]
      guard let block = load(part),
        let columns = VariableColumns(
          block, of: stream, counts: directory.columnCounts[number])
      else { return nil }
      streams[number] = columns
    }
    return streams[number]?.values(ofColumn: column)
  }

  /// Whether any template has a variable in a stream.
  private func hasVariables(_ stream: VariableStream) -> Bool {
    zip(TemplateDirectory.parts, directory.columnCounts).contains { part, counts in
      part.stream == stream && !counts.isEmpty
    }
  }

  /// Returns the dictionary.
  func dictionary() -> TemplateDirectory.Dictionary? {
    if let knownDictionary { return knownDictionary }
    knownDictionary = directory.dictionary { decodedTexts() }
    return knownDictionary
  }

  /// Returns the distinct texts of the dictionary.
  private func decodedTexts() -> Texts? {
    var texts = Texts()
    guard hasVariables(.texts) else { return texts }
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
    return texts
  }

  /// Whether `textCounts` are kept for later queries.
  var keepsTextCounts: Bool { directory.isKept }

  /// Returns how many events have each text of the dictionary in a slot of type `text`, without
  /// those that none has.
  func textCounts(ofSlot index: Int) -> [TemplateDirectory.TextCount]? {
    directory.textCounts(ofSlot: index) {
      guard let values = values(ofSlot: index), let textCount = dictionary()?.texts.count else {
        return nil
      }
      var counts = [UInt32](repeating: 0, count: textCount)
      for value in values {
        guard value >= 0, value < Int64(textCount) else { return nil }
        counts[Int(value)] += 1
      }
      return counts.enumerated().compactMap { text, count in
        count == 0
          ? nil
          : TemplateDirectory.TextCount(
            text: UInt32(truncatingIfNeeded: text), eventCount: count)
      }
    }
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
