internal import InsightsText

/// The JSON objects of a segment's messages, as far as their templates tell what is in them.
///
/// Reads the messages of one segment, one after the other.
struct TemplateObjects {
  private let templates: TemplateEncoder
  /// By template; `nil` where the template does not tell what is in its objects, or is new.
  private var layouts: [ObjectLayout?]
  /// By template, whether nothing more is to be learned of it.
  private var isKnown: [Bool]
  private var event = 0
  private var firstValue = 0
  private var cut: TemplateEncoder.Cut?
  private var room: [JSONLeafReader.Leaf] = []
  /// By text of the dictionary: the number that it is, NaN for any other; empty until asked for.
  private var numbers: [Double] = []

  /// Templates of fewer messages are not worth a layout, or of fewer than an eighth of all.
  private static let leastEventCount = 8

  init(_ templates: TemplateEncoder) {
    self.templates = templates
    layouts = Array(repeating: nil, count: templates.templateCount)
    let least = min(Self.leastEventCount, templates.eventCount / 8)
    isKnown = (0..<templates.templateCount).map { templates.eventCount(ofTemplate: $0) < least }
  }

  /// Goes to the next message, of which it tells `reader` what is known of its template.
  mutating func next(
    _ message: UnsafeBufferPointer<UInt8>, _ reader: JSONLeafReader
  ) -> ObjectLayout? {
    let cut = templates.cut(ofEvent: event, firstValue: &firstValue)
    event += 1
    self.cut = cut
    guard let layout = layouts[cut.template] else {
      reader.expectNothing()
      return nil
    }
    layout.tell(reader, of: message, cut, room: &room)
    return layout
  }

  /// The layout of the last message's template, where that is new and tells what is in its objects,
  /// the first of which `reader` has just read.
  mutating func learn(
    _ message: UnsafeBufferPointer<UInt8>, object: Int?, _ reader: JSONLeafReader
  ) -> ObjectLayout? {
    guard let cut, !isKnown[cut.template] else { return nil }
    isKnown[cut.template] = true
    guard let object else { return nil }
    layouts[cut.template] = ObjectLayout(message, cut, object: object, reader)
    return layouts[cut.template]
  }

  // MARK: Fields

  /// The fields that templates have, by the number of their name, in the order of templates.
  var fields: [Int32: [TemplateField]] {
    var fields: [Int32: [TemplateField]] = [:]
    for case let layout? in layouts {
      for (name, field) in layout.fields { fields[name, default: []].append(field) }
    }
    return fields
  }

  /// How many events have a field there.
  func eventCount(of field: TemplateField) -> Int {
    templates.eventCount(ofTemplate: field.template)
  }

  /// Takes the values of a field into its bounds.
  mutating func extend(_ bounds: inout FieldBounds, by field: TemplateField) {
    switch field.place {
    case .text(let range):
      let text = templates.text(ofTemplate: field.template)
      bounds.add(
        FieldValue(field.kind, UnsafeBufferPointer(rebasing: text[range])).number)
    case .slot(let index):
      let values = templates.values(ofSlot: index, ofTemplate: field.template)
      switch MessageTemplates.slot(templates.slots(ofTemplate: field.template)[index]) {
      case .integer:
        for value in values { bounds.add(Double(value)) }
      case .decimal:
        for value in values { bounds.add(DecimalValue(packed: value).double) }
      case .text:
        findNumbers()
        for value in values {
          let number = numbers[Int(value)]
          if number.isNaN { bounds.hasText = true } else { bounds.add(number) }
        }
      case .uuid, .time, .spacedTime, .spacedCommaTime, .second, .spacedSecond, nil:
        bounds.hasText = true
      }
    }
  }

  private mutating func findNumbers() {
    guard numbers.isEmpty else { return }
    numbers = (0..<templates.textCount).map { number in
      FieldValue.text(templates.text(number)).number ?? .nan
    }
  }
}
