internal import InsightsText

/// Finds the events whose message has a literal: asks templates first, then what their variables
/// could be, and puts together only messages of which both leave it open.
struct TemplateSearch {
  private let templates: MessageTemplates
  private let composer: MessageComposer
  private let search: LiteralSearch
  private let literal: LiteralStates
  /// By `TemplateSlot`: the bytes that its variables may have, and how many.
  private var classes: [SlotClass]
  private var texts: [LiteralEntry]?
  private var uuids: [LiteralEntry]?
  /// Whether templates and dictionaries did not answer it alone.
  private(set) var hasReadVariables = false

  /// The literal where it is a whole number, and the least number of more digits.
  private let wholeNumber: (value: Int64, limit: Int64)?

  private struct SlotClass {
    var bytes: LiteralStates.ByteClass
    var limit: Int
  }

  /// The messages of a template, as far as the template tells.
  private enum Verdict {
    case none, all
    /// Those that the variables leave over, or any.
    case some([SlotStates]), any
  }

  /// What can stand before and behind a slot.
  private struct SlotStates {
    var before: LiteralStates.States = 0
    var behind: LiteralStates.States = 0
  }

  /// Fails where a part is damaged.
  init?(_ search: LiteralSearch, in templates: MessageTemplates, _ composer: MessageComposer) {
    self.templates = templates
    self.composer = composer
    self.search = search
    literal = LiteralStates(search)
    wholeNumber = Self.wholeNumber(search.bytes)
    classes = []
    let digits = "0123456789"
    guard let dictionary = templates.dictionary() else { return nil }
    for rawValue in UInt8(0)... {
      guard let slot = TemplateSlot(rawValue: rawValue) else { break }
      switch slot {
      case .integer: classes.append(slotClass("-" + digits, 20))
      case .decimal: classes.append(slotClass("-." + digits, 24))
      case .uuid: classes.append(slotClass("-abcdef" + digits, UUID.textLength))
      case .text:
        classes.append(
          SlotClass(bytes: literal.byteClass(of: Self.distinctBytes(dictionary.bytes)), limit: .max)
        )
      case .time: classes.append(slotClass("-T:." + digits, 23))
      case .spacedTime: classes.append(slotClass("- :." + digits, 23))
      case .spacedCommaTime: classes.append(slotClass("- :," + digits, 23))
      case .second: classes.append(slotClass("-T:" + digits, 19))
      case .spacedSecond: classes.append(slotClass("- :" + digits, 19))
      }
    }
  }

  private static func wholeNumber(_ text: [UInt8]) -> (value: Int64, limit: Int64)? {
    guard text.count <= 17, text.allSatisfy(DecimalDigits.isDigit) else { return nil }
    return text.reduce((0, 1)) { number, digit in
      (number.value * 10 + Int64(digit - UInt8(ascii: "0")), number.limit * 10)
    }
  }

  private func slotClass(_ bytes: String, _ limit: Int) -> SlotClass {
    SlotClass(bytes: literal.byteClass(of: bytes.utf8), limit: limit)
  }

  private static func distinctBytes(_ bytes: [UInt8]) -> [UInt8] {
    var occurs = [Bool](repeating: false, count: 256)
    for byte in bytes { occurs[Int(byte)] = true }
    return (UInt8.min...UInt8.max).filter { occurs[Int($0)] }
  }

  /// Marks the events whose message has the literal; false where a part is damaged.
  mutating func mark(_ isHit: inout [Bool]) -> Bool {
    for number in templates.templates.indices {
      switch verdict(number) {
      case .none: continue
      case .all:
        guard let events = templates.events(of: number) else { return false }
        for event in events { isHit[Int(event)] = true }
      case .some(let states):
        guard mark(template: number, states, &isHit) else { return false }
      case .any:
        let all = 0..<templates.templates[number].eventCount
        guard mark(template: number, ranks: all, &isHit) else { return false }
      }
    }
    return true
  }

  // MARK: Templates

  private func verdict(_ number: Int) -> Verdict {
    templates.texts.withUnsafeBufferPointer { texts in
      let template = templates.templates[number]
      let text = UnsafeBufferPointer(rebasing: texts[template.text])
      if isInStaticText(text, template) { return .all }
      if template.slots.isEmpty { return .none }
      return verdict(text, template)
    }
  }

  private func isInStaticText(
    _ text: UnsafeBufferPointer<UInt8>, _ template: MessageTemplates.Template
  ) -> Bool {
    var place = 0
    while let found = search.firstOffset(in: text, from: place) {
      let isCut = template.slots.contains { slot in
        let offset = MessageTemplates.offset(templates.slots[slot])
        return offset > found && offset < found + search.bytes.count
      }
      if !isCut { return true }
      place = found + 1
    }
    return false
  }

  /// The states at all slots, as far as the classes of variables tell.
  private func verdict(
    _ text: UnsafeBufferPointer<UInt8>, _ template: MessageTemplates.Template
  ) -> Verdict {
    var slots = [SlotStates](repeating: SlotStates(), count: template.slots.count)
    var states: LiteralStates.States = 0
    var isPossible = false
    var start = 0
    for (index, slot) in template.slots.enumerated() {
      let packed = templates.slots[slot]
      let end = MessageTemplates.offset(packed)
      for place in start..<end {
        states = literal.next(states, text[place])
        isPossible = isPossible || states & literal.whole != 0
      }
      slots[index].before = states
      let slotClass = classes[Int(UInt8(truncatingIfNeeded: packed))]
      states = literal.next(states, slotClass.bytes, limit: slotClass.limit)
      isPossible = isPossible || states & literal.whole != 0
      start = end
    }
    // Nothing more of the tail is of interest than the literal is long.
    for place in start..<min(text.count, start + literal.count) where !isPossible {
      states = literal.next(states, text[place])
      isPossible = states & literal.whole != 0
    }
    guard isPossible else { return .none }
    // Where not all of an occurrence was followed it need not touch a variable.
    if literal.isCut || text.contains(where: literal.isShifting) { return .any }
    states = 0
    var end = min(text.count, start + literal.count)
    for (index, slot) in template.slots.enumerated().reversed() {
      let packed = templates.slots[slot]
      let offset = MessageTemplates.offset(packed)
      for place in (offset..<max(offset, end)).reversed() {
        states = literal.previous(states, text[place])
      }
      slots[index].behind = states
      let slotClass = classes[Int(UInt8(truncatingIfNeeded: packed))]
      states = literal.previous(states, slotClass.bytes, limit: slotClass.limit)
      end = offset
    }
    return .some(slots)
  }

  // MARK: Variables

  /// Marks the events of a template that the variables leave over and that do have the literal.
  private mutating func mark(
    template number: Int, _ states: [SlotStates], _ isHit: inout [Bool]
  ) -> Bool {
    let template = templates.templates[number]
    var isCandidate = [Bool](repeating: false, count: template.eventCount)
    for (index, slot) in template.slots.enumerated() {
      guard mark(slot, ofTemplate: number, states[index], &isCandidate) else { return false }
    }
    let ranks = isCandidate.indices.filter { isCandidate[$0] }
    return ranks.isEmpty || mark(template: number, ranks: ranks, &isHit)
  }

  /// Marks those of some events of a template that have the literal.
  private mutating func mark(
    template number: Int, ranks: some Sequence<Int>, _ isHit: inout [Bool]
  ) -> Bool {
    hasReadVariables = true
    guard let events = templates.events(of: number) else { return false }
    let ranks = ranks.filter { !isHit[Int(events[events.startIndex + $0])] }
    return composer.forEachMessage(ofTemplate: number, ranks: ranks) { event, message in
      if search.firstOffset(in: message) != nil { isHit[Int(event)] = true }
    }
  }

  /// Marks the events whose value in a slot may have a part of the literal.
  private mutating func mark(
    _ index: Int, ofTemplate number: Int, _ states: SlotStates, _ isCandidate: inout [Bool]
  ) -> Bool {
    guard let slot = MessageTemplates.slot(templates.slots[index]) else { return false }
    let slotClass = classes[Int(slot.rawValue)]
    let reached = literal.next(states.before, slotClass.bytes, limit: slotClass.limit)
    guard reached & (literal.whole | states.behind) != 0 else { return true }
    switch slot.stream {
    case .texts:
      guard let entries = textEntries() else { return false }
      return mark(index, entries, states, &isCandidate)
    case .uuids:
      guard let entries = uuidEntries() else { return false }
      return mark(index, entries, states, &isCandidate)
    case .integers, .decimals:
      guard let values = templates.values(ofSlot: index) else { return false }
      return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64) { room in
        guard let text = room.baseAddress else { return false }
        // Where nothing beside the number matters, one of as few digits has to be the literal.
        let number = states.before | states.behind == 0 && slot == .integer ? wholeNumber : nil
        for rank in isCandidate.indices where !isCandidate[rank] {
          let value = values[rank]
          if let number, value >= 0, value < number.limit, value != number.value { continue }
          guard slot == .integer || value & 15 != 0 else { return false }
          let count =
            slot == .integer
            ? MessageComposer.write(value, to: text)
            : MessageComposer.write(DecimalValue(packed: value), to: text)
          isCandidate[rank] = isPossible(UnsafeBufferPointer(start: text, count: count), states)
        }
        return true
      }
    case .times:
      return composer.forEachTime(of: index, slot, ofTemplate: number) { rank, text in
        isCandidate[rank] = isCandidate[rank] || isPossible(text, states)
      }
    }
  }

  @inline(__always)
  private func isPossible(_ text: UnsafeBufferPointer<UInt8>, _ states: SlotStates) -> Bool {
    var reached = states.before
    for byte in text {
      reached = literal.next(reached, byte)
      if reached & literal.whole != 0 { return true }
    }
    return reached & states.behind != 0
  }

  private func mark(
    _ index: Int, _ entries: [LiteralEntry], _ states: SlotStates, _ isCandidate: inout [Bool]
  ) -> Bool {
    let isPossible = entries.map { $0.isPossible(from: states.before, to: states.behind) }
    guard isPossible.contains(true) else { return true }
    guard let values = templates.values(ofSlot: index) else { return false }
    for rank in isCandidate.indices {
      let value = Int(truncatingIfNeeded: values[rank])
      guard isPossible.indices.contains(value) else { return false }
      if isPossible[value] { isCandidate[rank] = true }
    }
    return true
  }

  private mutating func textEntries() -> [LiteralEntry]? {
    if let texts { return texts }
    guard let dictionary = templates.dictionary() else { return nil }
    let entries = dictionary.bytes.withUnsafeBufferPointer { bytes in
      (0..<dictionary.count).map {
        LiteralEntry(UnsafeBufferPointer(rebasing: bytes[dictionary.range(of: $0)]), literal)
      }
    }
    texts = entries
    return entries
  }

  private mutating func uuidEntries() -> [LiteralEntry]? {
    if let uuids { return uuids }
    guard let all = templates.uuids() else { return nil }
    let entries = withUnsafeTemporaryAllocation(byteCount: UUID.textLength, alignment: 8) { room in
      all.map { uuid in
        uuid.write(to: room)
        return LiteralEntry(
          UnsafeBufferPointer(room.bindMemory(to: UInt8.self)), literal)
      }
    }
    uuids = entries
    return entries
  }
}
