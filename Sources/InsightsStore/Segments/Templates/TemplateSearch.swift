internal import InsightsText

/// Finds the events whose message contains a literal.
///
/// It checks the templates first, then the possible values of their variables. Only the messages
/// for which neither decides are composed.
struct TemplateSearch {
  private let templates: MessageTemplates
  private let composer: MessageComposer
  private let search: LiteralSearch
  private let literal: LiteralStates
  private let classes: SlotClasses
  private var texts: [LiteralEntry]?
  private var uuids: [LiteralEntry]?
  /// Whether variables had to be read because templates and dictionaries did not decide.
  private(set) var hasReadVariables = false

  /// The literal if it is a non-negative integer, and the least integer with more digits.
  private let wholeNumber: (value: Int64, limit: Int64)?

  /// Which messages of a template contain the literal, according to the template.
  private enum Verdict {
    case none, all
    /// Some messages, as far as the variables at these slots decide; or possibly any.
    case some([SlotStates]), any

    var isAll: Bool { if case .all = self { true } else { false } }
    var isNone: Bool { if case .none = self { true } else { false } }
  }

  /// The states before a slot, and those after it from which the literal can be completed.
  private struct SlotStates {
    var before: LiteralStates.States = 0
    var behind: LiteralStates.States = 0
  }

  /// `nil` if a part is damaged.
  init?(_ search: LiteralSearch, in templates: MessageTemplates, _ composer: MessageComposer) {
    self.templates = templates
    self.composer = composer
    self.search = search
    literal = LiteralStates(search)
    wholeNumber = Self.wholeNumber(search.bytes)
    guard let dictionary = templates.dictionary() else { return nil }
    classes = SlotClasses(
      for: literal, dictionaryBytes: SlotClasses.distinctBytes(dictionary.bytes))
  }

  private static func wholeNumber(_ text: [UInt8]) -> (value: Int64, limit: Int64)? {
    guard text.count <= 17, text.allSatisfy(DecimalDigits.isDigit) else { return nil }
    return text.reduce((0, 1)) { number, digit in
      (number.value * 10 + Int64(digit - UInt8(ascii: "0")), number.limit * 10)
    }
  }

  /// Marks the events whose message contains the literal; returns false if a part is damaged.
  mutating func mark(_ isHit: inout [Bool]) -> Bool {
    for number in templates.templates.indices {
      let verdict = verdict(number)
      if verdict.isNone { continue }
      guard let events = templates.events(of: number) else { return false }
      if verdict.isAll {
        for event in events { isHit[Int(event)] = true }
        continue
      }
      var found = events.map { isHit[Int($0)] }
      guard find(verdict, ofTemplate: number, &found) else { return false }
      for (event, isFound) in zip(events, found) where isFound { isHit[Int(event)] = true }
    }
    return true
  }

  /// Returns the number of messages that contain one of the literals; `nil` if a block is damaged.
  static func count(_ searches: inout [TemplateSearch], in templates: MessageTemplates) -> Int? {
    var count = 0
    for number in templates.templates.indices {
      let verdicts = searches.map { $0.verdict(number) }
      if verdicts.contains(where: \.isAll) {
        count += templates.templates[number].eventCount
        continue
      }
      if verdicts.allSatisfy(\.isNone) { continue }
      var found = [Bool](repeating: false, count: templates.templates[number].eventCount)
      for index in searches.indices {
        guard searches[index].find(verdicts[index], ofTemplate: number, &found) else { return nil }
      }
      count += found.count { $0 }
    }
    return count
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

  /// Determines the states at all slots from the classes of their variables.
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
      let slotClass = classes[packed]
      states = literal.next(states, slotClass.bytes, limit: slotClass.limit)
      isPossible = isPossible || states & literal.whole != 0
      start = end
    }
    // An occurrence that overlaps the last slot ends within the length of the literal.
    for place in start..<min(text.count, start + literal.count) where !isPossible {
      states = literal.next(states, text[place])
      isPossible = states & literal.whole != 0
    }
    guard isPossible else { return .none }
    // If occurrences are not matched completely, they need not overlap a variable.
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
      let slotClass = classes[packed]
      states = literal.previous(states, slotClass.bytes, limit: slotClass.limit)
      end = offset
    }
    return .some(slots)
  }

  // MARK: Variables

  /// The result of matching the variables of a message.
  private enum Match: UInt8 {
    case none, candidate, certain
  }

  /// Finds the messages of a template, by their ranks, that contain the literal; returns false if a
  /// block is damaged.
  ///
  /// Skips messages that are already marked.
  private mutating func find(
    _ verdict: Verdict, ofTemplate number: Int, _ found: inout [Bool]
  ) -> Bool {
    switch verdict {
    case .none: return true
    case .all:
      for rank in found.indices { found[rank] = true }
      return true
    case .any: return read(found.indices.filter { !found[$0] }, ofTemplate: number, &found)
    case .some(let states):
      var matches = found.map { $0 ? Match.certain : .none }
      for (index, slot) in templates.templates[number].slots.enumerated() {
        guard match(slot, ofTemplate: number, states[index], &matches) else { return false }
      }
      for rank in matches.indices where matches[rank] == .certain { found[rank] = true }
      let candidates = matches.indices.filter { matches[$0] == .candidate }
      return candidates.isEmpty || read(candidates, ofTemplate: number, &found)
    }
  }

  /// Searches some messages of a template.
  private mutating func read(
    _ ranks: [Int], ofTemplate number: Int, _ found: inout [Bool]
  ) -> Bool {
    if ranks.isEmpty { return true }
    hasReadVariables = true
    var next = 0
    return composer.forEachMessage(ofTemplate: number, ranks: ranks) { _, message in
      if search.firstOffset(in: message) != nil { found[ranks[next]] = true }
      next += 1
    }
  }

  /// Finds the messages with a value in a slot that may contain a part of the literal, or contains
  /// all of it.
  private mutating func match(
    _ index: Int, ofTemplate number: Int, _ states: SlotStates, _ matches: inout [Match]
  ) -> Bool {
    guard let slot = MessageTemplates.slot(templates.slots[index]) else { return false }
    let slotClass = classes[templates.slots[index]]
    let reached = literal.next(states.before, slotClass.bytes, limit: slotClass.limit)
    guard reached & (literal.whole | states.behind) != 0 else { return true }
    switch slot.stream {
    case .texts:
      guard let entries = textEntries() else { return false }
      return match(index, entries, states, &matches)
    case .uuids:
      guard let entries = uuidEntries() else { return false }
      return match(index, entries, states, &matches)
    case .integers, .decimals:
      guard let values = templates.values(ofSlot: index) else { return false }
      return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64) { room in
        guard let text = room.baseAddress else { return false }
        // If an occurrence must be within the number, a number with as few digits must equal the
        // literal.
        let number = states.before | states.behind == 0 && slot == .integer ? wholeNumber : nil
        for rank in matches.indices where matches[rank] == .none {
          let value = values[rank]
          if let number, value >= 0, value < number.limit, value != number.value { continue }
          guard slot == .integer || value & 15 != 0 else { return false }
          let count =
            slot == .integer
            ? MessageComposer.write(value, to: text)
            : MessageComposer.write(DecimalValue(packed: value), to: text)
          if isPossible(UnsafeBufferPointer(start: text, count: count), states) {
            matches[rank] = .candidate
          }
        }
        return true
      }
    case .times:
      return composer.forEachTime(of: index, slot, ofTemplate: number) { rank, text in
        if matches[rank] == .none, isPossible(text, states) { matches[rank] = .candidate }
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

  private func match(
    _ index: Int, _ entries: [LiteralEntry], _ states: SlotStates, _ matches: inout [Match]
  ) -> Bool {
    let ofEntries = entries.map { entry in
      entry.isCertain
        ? Match.certain
        : entry.isPossible(from: states.before, to: states.behind) ? .candidate : .none
    }
    guard ofEntries.contains(where: { $0 != .none }) else { return true }
    guard let values = templates.values(ofSlot: index) else { return false }
    for rank in matches.indices {
      let value = Int(truncatingIfNeeded: values[rank])
      guard ofEntries.indices.contains(value) else { return false }
      if ofEntries[value].rawValue > matches[rank].rawValue { matches[rank] = ofEntries[value] }
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
