internal import InsightsText

/// Reads the JSON objects of a segment's messages by the layouts of their templates, where these
/// determine the leaves.
///
/// It processes the messages of one segment in order.
struct TemplateObjects {
  private let templates: TemplateEncoder
  /// The layout of each template; `nil` if the template is new, or does not determine the leaves of
  /// its objects.
  private var layouts: [ObjectLayout?]
  /// For each template, whether a layout has been derived, or is not wanted.
  private var isKnown: [Bool]
  private var event = 0
  private var firstValue = 0
  private var cut: TemplateEncoder.Cut?
  private var room: [JSONLeafReader.Leaf] = []
  /// For each dictionary text, the number that it denotes, NaN for any other text; empty until
  /// first use.
  private var numbers: [Double] = []

  /// The minimum number of messages for which a layout is derived; an eighth of all messages if
  /// that is less.
  private static let leastEventCount = 8

  init(_ templates: TemplateEncoder) {
    self.templates = templates
    layouts = Array(repeating: nil, count: templates.templateCount)
    let least = min(Self.leastEventCount, templates.eventCount / 8)
    isKnown = (0..<templates.templateCount).map { templates.eventCount(ofTemplate: $0) < least }
  }

  /// Advances to the next message, and passes its leaves to `reader` if the layout of its template
  /// is known.
  ///
  /// - Returns: the layout; `nil` if it is not known.
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
    layout.report(reader, of: message, cut, room: &room)
    return layout
  }

  /// Derives the layout of the last message's template if it is new; `reader` must have just read
  /// the object.
  ///
  /// - Returns: the new layout; `nil` if the template had been seen, or does not determine the
  ///   leaves.
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

  /// The fields in templates, by the number of their name, in the order of templates.
  var fields: [Int32: [TemplateField]] {
    var fields: [Int32: [TemplateField]] = [:]
    for case let layout? in layouts {
      for (name, field) in layout.fields { fields[name, default: []].append(field) }
    }
    return fields
  }

  /// Returns the number of events that have a field at this location.
  func eventCount(of field: TemplateField) -> Int {
    templates.eventCount(ofTemplate: field.template)
  }

  /// Extends the bounds by the values of a field.
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
