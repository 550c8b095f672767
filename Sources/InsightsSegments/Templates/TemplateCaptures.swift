internal import InsightsText

/// The positions of a glob's captures in each template, if they are the same in all its messages.
///
/// They are found without decoding messages: a literal of the glob has a known position if static
/// text contains it and no earlier variable can, whatever its value. That position is then the
/// leftmost occurrence in every message.
package struct TemplateCaptures {
  /// The result for a template.
  private enum Binding {
    /// No message matches.
    case none
    /// All messages match; a capture that spans more than one slot has no place.
    case all([TemplateField.Place?])
    /// Each message must be matched by itself.
    case open
  }

  /// The results, indexed by template.
  private let bindings: [Binding]

  /// Returns `nil` if a block is damaged.
  init?(_ glob: GlobPattern, in templates: MessageTemplates) {
    guard let dictionary = templates.dictionary() else { return nil }
    let literals = glob.literals.map { LiteralSearch($0).map { Literal($0, dictionary.bytes) } }
    bindings = templates.templates.map { template in
      templates.texts.withUnsafeBufferPointer { texts in
        Self.binding(
          of: literals, UnsafeBufferPointer(rebasing: texts[template.text]),
          templates.slots[template.slots])
      }
    }
  }

  /// Whether no message matches.
  package var isNowhere: Bool {
    bindings.allSatisfy { if case .none = $0 { true } else { false } }
  }

  /// Returns the places of a capture in the form of a field; captures are numbered from 0.
  ///
  /// `asNumbers`: a text that is a number is returned as that number.
  func fields(ofCapture number: Int, asNumbers: Bool) -> [TemplateField] {
    bindings.enumerated().compactMap { template, binding in
      guard case .all(let places) = binding, let place = places[number] else { return nil }
      // Unlike a string, an object is returned as its source text.
      return TemplateField(template: template, kind: asNumbers ? .number : .object, place: place)
    }
  }

  /// For each template, whether its messages must be read for a capture; `nil` if none must be.
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
    var classes: SlotClasses

    init(_ search: LiteralSearch, _ dictionaryBytes: [UInt8]) {
      states = LiteralStates(search)
      classes = SlotClasses(for: states)
      classes.setTexts(dictionaryBytes, states)
    }
  }

  /// A position in the messages of a template.
  private struct Cursor {
    /// The offset of the next byte of static text.
    var offset = 0
    /// The number of the next slot.
    var slot = 0
  }

  private enum Occurrence {
    case nowhere, unsure
    case between(Cursor, Cursor)
  }

  /// Determines the places of the captures; `literals` are those around the captures, `nil` for an
  /// empty one.
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

  /// Returns the leftmost occurrence of a literal if it is the same in all messages.
  private static func occurrence(
    of literal: Literal, _ text: UnsafeBufferPointer<UInt8>, _ slots: ArraySlice<UInt64>,
    from position: Cursor
  ) -> Occurrence {
    let states = literal.states
    // The states that some messages reach, and the states that static text alone reaches in all of
    // them.
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

  /// Returns the place between two positions; `nil` if it is more than one slot or static text.
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
