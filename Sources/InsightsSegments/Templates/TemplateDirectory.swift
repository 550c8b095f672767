internal import InsightsText
internal import InsightsThreads

/// How the messages of a segment are composed: their templates, and the texts of the dictionary.
///
/// Decoded once, it can be kept for several queries. Thread-safe.
final class TemplateDirectory: Sendable {
  /// A template; offsets are into `texts` and `slots`.
  struct Template: Sendable {
    var text: Range<Int>
    var slots: Range<Int>
    var eventCount: Int
    /// The types of its slots.
    var slotTypes: SlotTypes
  }

  /// The texts of variables.
  final class Dictionary: Sendable {
    let texts: Texts
    /// The distinct bytes in them.
    let bytes: [UInt8]

    init(_ texts: Texts) {
      self.texts = texts
      bytes = SlotClasses.distinctBytes(texts.bytes)
    }

    /// The approximate memory in bytes.
    var byteCount: Int { texts.bytes.count + texts.offsets.count * 4 + bytes.count + 128 }
  }

  /// A text of the dictionary, and how many events have it in a slot.
  struct TextCount: Sendable {
    var text: UInt32
    var eventCount: UInt32
  }

  let templates: [Template]
  /// The slots of all templates, as `TemplateSlot.packed`.
  let slots: [UInt64]
  /// The block of templates, which contains their static texts.
  let texts: [UInt8]
  let eventCount: Int
  /// For each slot, the index in `parts` of the block with its values, and its column there.
  let columns: [(part: Int, column: Int)]
  /// The number of values in each column of each part.
  let columnCounts: [[Int]]
  /// What is decoded on first use, and kept.
  private let lazyParts = Locked(LazyParts())

  private struct LazyParts {
    var dictionary: Dictionary?
    var textCounts: [Int: [TextCount]] = [:]
    /// Where the memory is taken from; `nil` for a directory that one query uses.
    var memory: KeptTemplates.Memory?
    var heldByteCount = 0

    /// Whether something more may be kept.
    mutating func mayKeep(_ byteCount: Int) -> Bool {
      guard let memory else { return true }
      guard memory.take(byteCount) else { return false }
      heldByteCount += byteCount
      return true
    }
  }

  /// The blocks of variables.
  static let parts: [(part: TemplatePart, stream: VariableStream)] =
    VariableStream.allCases.map { (.variables($0), $0) }
    + VariableStream.allCases.map { (.objectVariables($0), $0) }

  private static func partIndex(of stream: VariableStream, ofObject: Bool) -> Int {
    stream.rawValue + (ofObject ? VariableStream.allCases.count : 0)
  }

  /// Decodes the block of templates; `nil` if it is damaged.
  init?(_ block: [UInt8], eventCount: Int) {
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
        MessageTemplates.mayBeObject(UnsafeBufferPointer(rebasing: $0[text]))
      }
      for slot in template.slots {
        guard let type = MessageTemplates.slot(slots[slot]) else { return nil }
        templates[index].slotTypes.insert(type)
        let part = Self.partIndex(of: type.stream, ofObject: isOfObject)
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
  }

  deinit {
    let (memory, count) = lazyParts.withLock { ($0.memory, $0.heldByteCount) }
    memory?.giveBack(count)
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
      text: textStart..<textStart + textCount, slots: first..<slots.count,
      eventCount: eventCount, slotTypes: [])
  }

  /// The approximate memory in bytes, without what is decoded on first use.
  private var byteCount: Int {
    texts.count + slots.count * 8 + columns.count * MemoryLayout<(Int, Int)>.stride
      + columnCounts.reduce(0) { $0 + $1.count * 8 + 32 }
      + templates.count * MemoryLayout<Template>.stride + 512
  }

  /// Takes the memory of everything that is kept from `memory`; returns false if that has too
  /// little left.
  func join(_ memory: KeptTemplates.Memory) -> Bool {
    lazyParts.withLock { parts in
      guard parts.memory == nil else { return parts.memory === memory }
      let texts = parts.textCounts.values.reduce(0) { $0 + Self.byteCount(of: $1) }
      let count = byteCount + (parts.dictionary?.byteCount ?? 0) + texts
      guard memory.take(count) else { return false }
      parts.memory = memory
      parts.heldByteCount = count
      return true
    }
  }

  /// Whether it is kept for later queries.
  var isKept: Bool { lazyParts.withLock { $0.memory != nil } }

  private static func byteCount(of counts: [TextCount]) -> Int {
    counts.count * MemoryLayout<TextCount>.stride + 64
  }

  /// Returns the dictionary, which `decode` makes on first use; `nil` if it returns `nil`.
  func dictionary(_ decode: () -> Texts?) -> Dictionary? {
    if let known = lazyParts.withLock({ $0.dictionary }) { return known }
    guard let dictionary = decode().map(Dictionary.init) else { return nil }
    lazyParts.withLock { parts in
      if parts.dictionary == nil, parts.mayKeep(dictionary.byteCount) {
        parts.dictionary = dictionary
      }
    }
    return dictionary
  }

  /// The maximum number of texts in a slot whose counts are kept; otherwise they are about as large
  /// as the column itself.
  private static let keptTextLimit = 256

  /// Returns how many events have each text in a slot, which `count` computes on first use; `nil`
  /// if it returns `nil`.
  func textCounts(ofSlot slot: Int, _ count: () -> [TextCount]?) -> [TextCount]? {
    if let known = lazyParts.withLock({ $0.textCounts[slot] }) { return known }
    guard let counts = count() else { return nil }
    guard counts.count <= Self.keptTextLimit else { return counts }
    lazyParts.withLock { parts in
      if parts.textCounts[slot] == nil, parts.mayKeep(Self.byteCount(of: counts)) {
        parts.textCounts[slot] = counts
      }
    }
    return counts
  }
}
