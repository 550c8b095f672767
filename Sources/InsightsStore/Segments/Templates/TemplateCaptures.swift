internal import InsightsText

/// Where the captures of a glob are in the messages of each template, as far as that is the same
/// in all of them; no message is put together for it.
///
/// A literal of the glob is found where static text has it and no variable before could, whatever
/// its value is: what stands there then is the leftmost occurrence in every message.
struct TemplateCaptures {
  /// The messages of a template.
  private enum Binding {
    /// None of them matches.
    case none
    /// All of them match; a capture with more than a slot has no place.
    case all([TemplateField.Place?])
    /// Each has to be asked.
    case open
  }

  /// By template.
  private let bindings: [Binding]

  /// Fails where a part is damaged.
  init?(_ glob: GlobPattern, in templates: MessageTemplates) {
    guard let dictionary = templates.dictionary() else { return nil }
    let bytes = SlotClasses.distinctBytes(dictionary.bytes)
    let literals = glob.literals.map { LiteralSearch($0).map { Literal($0, bytes) } }
    bindings = templates.templates.map { template in
      templates.texts.withUnsafeBufferPointer { texts in
        Self.binding(
          of: literals, UnsafeBufferPointer(rebasing: texts[template.text]),
          templates.slots[template.slots])
      }
    }
  }

  /// Whether no message matches.
  var isNowhere: Bool {
    bindings.allSatisfy { if case .none = $0 { true } else { false } }
  }

  /// The places of a capture, which counts from 0, as those of a field.
  ///
  /// Where `asNumbers`, text that is a number is that number.
  func fields(ofCapture number: Int, asNumbers: Bool) -> [TemplateField] {
    bindings.enumerated().compactMap { template, binding in
      guard case .all(let places) = binding, let place = places[number] else { return nil }
      // Unlike a string, an object is text as it stands.
      return TemplateField(template: template, kind: asNumbers ? .number : .object, place: place)
    }
  }

  /// By template, whether its messages have to be asked for a capture; `nil` where none has to.
  func openTemplates(ofCapture number: Int) -> [Bool]? {
    let isOpen = bindings.map { binding in
      switch binding {
      case .none: false
      case .all(let places): places[number] == nil
      case .open: true
      }
    }
    return isOpen.contains(true) ? isOpen : nil
  }

  // MARK: Binding

  private struct Literal {
    let states: LiteralStates
    let classes: SlotClasses

    init(_ search: LiteralSearch, _ dictionaryBytes: [UInt8]) {
      states = LiteralStates(search)
      classes = SlotClasses(for: states, dictionaryBytes: dictionaryBytes)
    }
  }

  /// A place in the messages of a template.
  private struct Cursor {
    /// Of the next byte of static text.
    var offset = 0
    /// The number of the next slot.
    var slot = 0
  }

  private enum Occurrence {
    case nowhere, unsure
    case between(Cursor, Cursor)
  }

  /// `literals` are those around the captures; `nil` for an empty one.
  private static func binding(
    of literals: [Literal?], _ text: UnsafeBufferPointer<UInt8>, _ slots: ArraySlice<UInt64>
  ) -> Binding {
    var places: [TemplateField.Place?] = []
    var position = Cursor()
    for (index, literal) in literals.enumerated() {
      var start = position
      var end = position
      if let literal {
        switch occurrence(of: literal, text, slots, from: position) {
        case .nowhere: return .none
        case .unsure: return .open
        case .between(let first, let last): (start, end) = (first, last)
        }
      } else if index > 0, index == literals.count - 1 {
        start = Cursor(offset: text.count, slot: slots.count)
      }
      if index > 0 { places.append(place(from: position, to: start, slots)) }
      position = end
    }
    return .all(places)
  }

  /// The leftmost occurrence in all messages.
  private static func occurrence(
    of literal: Literal, _ text: UnsafeBufferPointer<UInt8>, _ slots: ArraySlice<UInt64>,
    from position: Cursor
  ) -> Occurrence {
    let states = literal.states
    // Those that some messages reach, and those that static text alone reaches in all.
    var possible: LiteralStates.States = 0
    var certain: LiteralStates.States = 0
    var offset = position.offset
    for slot in position.slot...slots.count {
      let packed = slot < slots.count ? slots[slots.startIndex + slot] : nil
      let end = packed.map(MessageTemplates.offset) ?? text.count
      while offset < end {
        possible = states.next(possible, text[offset])
        certain = states.next(certain, text[offset])
        offset += 1
        if possible & states.whole == 0 { continue }
        guard certain & states.whole != 0, !states.isCut else { return .unsure }
        return .between(
          Cursor(offset: offset - states.count, slot: slot), Cursor(offset: offset, slot: slot))
      }
      guard let packed else { break }
      let slotClass = literal.classes[packed]
      possible = states.next(possible, slotClass.bytes, limit: slotClass.limit)
      certain = 0
      if possible & states.whole != 0 { return .unsure }
    }
    return .nowhere
  }

  /// What is between two places; `nil` for more than one slot or static text.
  private static func place(
    from start: Cursor, to end: Cursor, _ slots: ArraySlice<UInt64>
  ) -> TemplateField.Place? {
    switch end.slot - start.slot {
    case 0: return .text(start.offset..<end.offset)
    case 1 where start.offset == end.offset: return .slot(start.slot)
    default: return nil
    }
  }
}
