package import InsightsText

/// A literal prepared for searches in the templates of any segment.
package struct TemplateLiteral {
  package let search: LiteralSearch
  fileprivate let states: LiteralStates
  fileprivate let classes: SlotClasses
  /// The literal if it is a non-negative integer, and the least integer with more digits.
  fileprivate let wholeNumber: (value: Int64, limit: Int64)?

  package init(_ search: LiteralSearch) {
    self.search = search
    states = LiteralStates(search)
    classes = SlotClasses(for: states)
    wholeNumber = Self.wholeNumber(search.bytes)
  }

  private static func wholeNumber(_ text: [UInt8]) -> (value: Int64, limit: Int64)? {
    guard text.count <= 17, text.allSatisfy(DecimalDigits.isDigit) else { return nil }
    return text.reduce((0, 1)) { number, digit in
      (number.value * 10 + Int64(digit - UInt8(ascii: "0")), number.limit * 10)
    }
  }
}

/// Finds the events whose message contains a literal.
///
/// It checks the templates first, then the possible values of their variables. Only the messages
/// for which neither decides are composed.
///
/// Not thread-safe, like the `MessageTemplates` that it reads.
final class TemplateSearch {
  private let templates: MessageTemplates
  private let makeComposer: () -> MessageComposer
  private lazy var composer = makeComposer()
  private let search: LiteralSearch
  private let literal: LiteralStates
  private var classes: SlotClasses
  private let wholeNumber: (value: Int64, limit: Int64)?
  /// The texts of the dictionary that can be a part of an occurrence, and their number in it.
  private let texts: [(number: Int, entry: LiteralEntry)]
  private let textCount: Int
  private var uuids: [LiteralEntry]?
  /// Whether variables had to be read because templates and dictionaries did not decide.
  private(set) var hasReadVariables = false

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
  init?(
    _ prepared: TemplateLiteral, in templates: MessageTemplates,
    _ composer: @autoclosure @escaping () -> MessageComposer
  ) {
    guard let dictionary = templates.dictionary() else { return nil }
    self.templates = templates
    makeComposer = composer
    search = prepared.search
    literal = prepared.states
    classes = prepared.classes
    wholeNumber = prepared.wholeNumber
    textCount = dictionary.texts.count
    var texts: [(number: Int, entry: LiteralEntry)] = []
    classes.setTexts(dictionary.bytes, literal)
    if classes.overlapping.contains(.text) {
      var bytes = LiteralStates.ByteClass()
      texts = Self.relevant(dictionary.texts, search, literal, &bytes)
      classes.setTexts(bytes)
    }
    self.texts = texts
  }

  /// Returns the texts that can be a part of an occurrence, and adds their bytes to a class.
  private static func relevant(
    _ texts: Texts, _ search: LiteralSearch, _ literal: LiteralStates,
    _ byteClass: inout LiteralStates.ByteClass
  ) -> [(number: Int, entry: LiteralEntry)] {
    var relevant: [(Int, LiteralEntry)] = []
    texts.bytes.withUnsafeBufferPointer { bytes in
      let decidesByEnds =
        !literal.isCut && !literal.mayShift && search.firstOffset(in: bytes) == nil
      texts.offsets.withUnsafeBufferPointer { offsets in
        for number in 0..<texts.count {
          let text = UnsafeBufferPointer(
            rebasing: bytes[Int(offsets[number])..<Int(offsets[number + 1])])
          if decidesByEnds, text.count >= 2, !literal.mayOverlap(text) { continue }
          let entry = LiteralEntry(text, literal)
          guard entry.isRelevant else { continue }
          relevant.append((number, entry))
          for byte in text { literal.extend(&byteClass, by: byte) }
        }
      }
    }
    return relevant
  }

  /// Marks the events whose message contains the literal; returns false if a part is damaged.
  func mark(_ isHit: inout [Bool]) -> Bool {
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
  static func count(_ searches: [TemplateSearch], in templates: MessageTemplates) -> Int? {
    var count = 0
    for (number, template) in templates.templates.enumerated() {
      guard let found = Self.count(searches, inTemplate: number, of: template.eventCount) else {
        return nil
      }
      count += found
    }
    return count
  }

  private static func count(
    _ searches: [TemplateSearch], inTemplate number: Int, of eventCount: Int
  ) -> Int? {
    var open: [(search: TemplateSearch, verdict: Verdict)] = []
    for search in searches {
      let verdict = search.verdict(number)
      if verdict.isAll { return eventCount }
      if !verdict.isNone { open.append((search, verdict)) }
    }
    if open.isEmpty { return 0 }
    if open.count == 1, let count = open[0].search.count(open[0].verdict, ofTemplate: number) {
      return count
    }
    var found = [Bool](repeating: false, count: eventCount)
    for (search, verdict) in open {
      guard search.find(verdict, ofTemplate: number, &found) else { return nil }
    }
    return found.count { $0 }
  }

  // MARK: Templates

  private func verdict(_ number: Int) -> Verdict {
    templates.texts.withUnsafeBufferPointer { texts in
      let template = templates.templates[number]
      let text = UnsafeBufferPointer(rebasing: texts[template.text])
      if isInStaticText(text, template) { return .all }
      // No slot has a byte of the literal, so each ends an occurrence that has begun before it.
      if !literal.isCut, template.slotTypes.isDisjoint(with: classes.overlapping) { return .none }
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
    guard isPossible(text, template) else { return .none }
    // If occurrences are not matched completely, they need not overlap a variable.
    if literal.isCut || text.contains(where: literal.isShifting) { return .any }
    var slots = [SlotStates](repeating: SlotStates(), count: template.slots.count)
    var states: LiteralStates.States = 0
    var start = 0
    for (index, slot) in template.slots.enumerated() {
      let packed = templates.slots[slot]
      let end = MessageTemplates.offset(packed)
      for place in start..<end { states = literal.next(states, text[place]) }
      slots[index].before = states
      let slotClass = classes[packed]
      states = literal.next(states, slotClass.bytes, limit: slotClass.limit)
      start = end
    }
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

  /// Whether an occurrence may overlap a variable, by the bytes that variables can have.
  ///
  /// In a long run of static text, only the bytes near its ends are read: an occurrence that
  /// overlaps a variable lies within the length of the literal.
  private func isPossible(
    _ text: UnsafeBufferPointer<UInt8>, _ template: MessageTemplates.Template
  ) -> Bool {
    // An occurrence can be longer than what is matched of the literal.
    let isLonger = literal.isCut || literal.mayShift && text.contains(where: literal.isShifting)
    let reach = isLonger ? text.count : literal.count
    var states: LiteralStates.States = 0
    /// Advances the states; returns whether an occurrence was complete.
    func read(_ places: Range<Int>) -> Bool {
      for place in places {
        states = literal.next(states, text[place])
        if states & literal.whole != 0 { return true }
      }
      return false
    }
    var start = 0
    for slot in template.slots {
      let packed = templates.slots[slot]
      let end = MessageTemplates.offset(packed)
      let isLong = end - start > 2 * reach
      if isLong, states != 0, read(start..<start + reach) { return true }
      if isLong || states == 0 { (start, states) = (max(start, end - reach), 0) }
      if read(start..<end) { return true }
      let slotClass = classes[packed]
      states = literal.next(states, slotClass.bytes, limit: slotClass.limit)
      if states & literal.whole != 0 { return true }
      start = end
    }
    return states != 0 && read(start..<min(text.count, start + literal.count))
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
  private func find(
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
  private func read(
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
  private func match(
    _ index: Int, ofTemplate number: Int, _ states: SlotStates, _ matches: inout [Match]
  ) -> Bool {
    guard let slot = MessageTemplates.slot(templates.slots[index]) else { return false }
    guard mayReach(index, states) else { return true }
    switch slot.stream {
    case .texts:
      guard let entries = textMatches(states) else { return true }
      return match(index, entries, &matches)
    case .uuids:
      guard let entries = uuidEntries() else { return false }
      let ofEntries = entries.map { Self.match($0, states) }
      return ofEntries.allSatisfy { $0 == .none } || match(index, ofEntries, &matches)
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

  private static func match(_ entry: LiteralEntry, _ states: SlotStates) -> Match {
    entry.isCertain
      ? .certain : entry.isPossible(from: states.before, to: states.behind) ? .candidate : .none
  }

  /// Returns the match of each text of the dictionary in a slot; `nil` if none matches.
  private func textMatches(_ states: SlotStates) -> [Match]? {
    var matches: [Match]?
    for (number, entry) in texts {
      let match = Self.match(entry, states)
      if match == .none { continue }
      if matches == nil { matches = Array(repeating: .none, count: textCount) }
      matches?[number] = match
    }
    return matches
  }

  private func match(_ index: Int, _ ofEntries: [Match], _ matches: inout [Match]) -> Bool {
    guard let values = templates.values(ofSlot: index) else { return false }
    for rank in matches.indices {
      let value = Int(truncatingIfNeeded: values[rank])
      guard ofEntries.indices.contains(value) else { return false }
      if ofEntries[value].rawValue > matches[rank].rawValue { matches[rank] = ofEntries[value] }
    }
    return true
  }

  /// Returns the number of messages of a template that contain the literal, if the texts in a
  /// single slot decide it; otherwise `nil`.
  ///
  /// Only if counts are kept: for a single query, counting costs more than reading the variables.
  private func count(_ verdict: Verdict, ofTemplate number: Int) -> Int? {
    guard templates.keepsTextCounts, case .some(let states) = verdict else { return nil }
    var decided: Int?
    for (index, slot) in templates.templates[number].slots.enumerated() {
      guard MessageTemplates.slot(templates.slots[slot]) == .text else {
        if mayReach(slot, states[index]) { return nil }
        continue
      }
      guard let matches = textMatches(states[index]) else { continue }
      guard let counts = templates.textCounts(ofSlot: slot) else { return nil }
      var count = 0
      for text in counts {
        switch matches[Int(text.text)] {
        case .none: continue
        case .candidate: return nil
        case .certain: count += Int(text.eventCount)
        }
      }
      if count == 0 { continue }
      // Messages with the literal in two slots would be counted twice.
      if decided != nil { return nil }
      decided = count
    }
    return decided ?? 0
  }

  /// Whether an occurrence may overlap a slot, by the bytes that its values can have.
  private func mayReach(_ slot: Int, _ states: SlotStates) -> Bool {
    let slotClass = classes[templates.slots[slot]]
    let reached = literal.next(states.before, slotClass.bytes, limit: slotClass.limit)
    return reached & (literal.whole | states.behind) != 0
  }

  private func uuidEntries() -> [LiteralEntry]? {
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
