internal import InsightsText

/// The location of a discovered field in the messages of a template.
struct TemplateField: Equatable {
  enum Place: Equatable {
    /// The values are those of a slot, by its index in the template.
    case slot(Int)
    /// The value is part of the template's static text.
    case text(Range<Int>)
  }

  var template: Int
  /// The kind of the JSON values.
  var kind: JSONScanner.Value.Kind
  var place: Place
}

extension TemplateField {
  private static let kinds: [JSONScanner.Value.Kind] = [
    .string, .number, .true, .false, .object, .array,
  ]
  private static let textFlag: UInt8 = 0x10

  /// Appends the locations of a field, which is at `index` of the segment's directory.
  static func append(_ fields: [TemplateField], ofField index: Int, to output: inout BlockOutput) {
    output.append(varint: UInt64(index))
    output.append(varint: UInt64(fields.count))
    for field in fields {
      output.append(varint: UInt64(field.template))
      let kind = UInt8(kinds.firstIndex(of: field.kind) ?? 0)
      switch field.place {
      case .slot(let slot):
        output.append(kind)
        output.append(varint: UInt64(slot))
      case .text(let range):
        output.append(kind | textFlag)
        output.append(varint: UInt64(range.lowerBound))
        output.append(varint: UInt64(range.count))
      }
    }
  }

  /// Reads the locations of all fields, by their index in the directory; `nil` for invalid data.
  static func fields(in block: [UInt8], of templates: MessageTemplates) -> [Int: [TemplateField]]? {
    var input = BlockInput(block)
    var fields: [Int: [TemplateField]] = [:]
    while !input.isAtEnd {
      guard let index = input.varint(limit: SegmentColumn.fieldLimit), fields[index] == nil,
        let count = input.varint(limit: templates.templates.count)
      else { return nil }
      var places: [TemplateField] = []
      for _ in 0..<count {
        guard let field = TemplateField(from: &input, templates),
          field.template > places.last?.template ?? -1
        else { return nil }
        places.append(field)
      }
      fields[index] = places
    }
    return fields
  }

  private init?(from input: inout BlockInput, _ templates: MessageTemplates) {
    guard let number = input.varint(limit: templates.templates.count),
      number < templates.templates.count, let head = input.byte(),
      Int(head & ~Self.textFlag) < Self.kinds.count
    else { return nil }
    template = number
    kind = Self.kinds[Int(head & ~Self.textFlag)]
    let template = templates.templates[number]
    if head & Self.textFlag != 0 {
      guard let start = input.varint(limit: template.text.count),
        let count = input.varint(limit: template.text.count - start)
      else { return nil }
      place = .text(start..<start + count)
    } else {
      guard let slot = input.varint(limit: template.slots.count), slot < template.slots.count
      else { return nil }
      place = .slot(slot)
    }
  }
}

/// A value of a discovered field, by its form in JSON.
///
/// Strings are text, `true` and `false` the integers 1 and 0, numbers integers or reals. Any other
/// value, and a number too large for a `Double`, is its text in the message.
enum FieldValue {
  case integer(Int64)
  case real(Double)
  case text(UnsafeBufferPointer<UInt8>)
  /// A string that had escapes, which have been resolved.
  case unescaped([UInt8])

  init(_ kind: JSONScanner.Value.Kind, _ bytes: UnsafeBufferPointer<UInt8>) {
    self = .text(bytes)
    switch kind {
    case .true: self = .integer(1)
    case .false: self = .integer(0)
    case .number:
      switch NumericText.number(bytes) {
      case .integer(let integer): self = .integer(integer)
      case .real(let real): self = .real(real)
      case nil: break
      }
    case .string:
      guard bytes.firstOffset(of: UInt8(ascii: "\\")) != nil else { return }
      var text: [UInt8] = []
      JSONScanner.appendUnescaped(0..<bytes.count, of: bytes, to: &text)
      self = .unescaped(text)
    case .object, .array, .null: break
    }
  }

  /// The value as a number, also if it is numeric text; `nil` for any other text.
  var number: Double? {
    switch self {
    case .integer(let integer): return Double(integer)
    case .real(let real): return real
    case .text(let text): return Self.number(of: text)
    case .unescaped(let text): return text.withUnsafeBufferPointer(Self.number)
    }
  }

  private static func number(of text: UnsafeBufferPointer<UInt8>) -> Double? {
    switch NumericText.number(text) {
    case .integer(let integer): Double(integer)
    case .real(let real): real
    case nil: nil
    }
  }
}

/// The combined properties of all values of a field.
struct FieldBounds {
  /// The bounds of the numbers, including numeric text; `nil` if there are none.
  private(set) var numbers: ClosedRange<Double>?
  /// Whether some value is non-numeric text.
  var hasText = false

  init() {}

  /// The bounds of values about which nothing is known.
  static let unknown: FieldBounds = {
    var bounds = FieldBounds()
    bounds.numbers = -Double.infinity...Double.infinity
    bounds.hasText = true
    return bounds
  }()

  /// Adds a value: a number, or `nil` for non-numeric text.
  @inline(__always)
  mutating func add(_ number: Double?) {
    guard let number else {
      hasText = true
      return
    }
    guard let known = numbers else {
      numbers = number...number
      return
    }
    if number < known.lowerBound { numbers = number...known.upperBound }
    if number > known.upperBound { numbers = known.lowerBound...number }
  }
}
