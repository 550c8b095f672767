/// The values of one discovered field in a segment, as `ql_field` returns them.
///
/// Strings are text, `true` and `false` the integers 1 and 0, numbers integers or reals. An event
/// without the field, or with `null`, has no value.
package enum FieldColumn: Sendable {
  enum Kind: UInt8, Sendable {
    case dictionary, integers, reals, inMessages
    /// The values are in templates; the column, if there is one, contains the other values.
    case templates
  }

  /// An entry of a dictionary.
  package enum Value: Hashable, Sendable {
    case integer(Int64)
    case real(Double)
    /// The number of a text in the column's `texts`.
    case text(Int)
  }

  /// The distinct values, and the index of each event's value (`SegmentReader.noIndex` for none).
  ///
  /// Two entries may be equal if messages spell a value in two ways.
  case dictionary(values: [Value], texts: Texts, indexes: [UInt16])
  /// An integer for every event, `SegmentReader.missing` if there is none.
  case integers([Int64])
  /// A number for every event, NaN if there is none; integral ones may be integers in the message.
  case reals([Double])
  /// The values are not stored in a column, but read from the messages.
  case inMessages

  /// Whether a `Double` represents the integer exactly.
  static func isSafe(_ integer: Int64) -> Bool { integer.magnitude <= 1 << 53 }

  /// Whether an event has a value.
  func hasValue(of event: Int) -> Bool {
    switch self {
    case .dictionary(_, _, let indexes): indexes[event] != SegmentReader.noIndex
    case .integers(let values): values[event] != SegmentReader.missing
    case .reals(let values): !values[event].isNaN
    case .inMessages: false
    }
  }

  // MARK: Blocks

  /// Returns the column of a segment from a block with entries only for the events with a JSON
  /// object.
  func spread(over events: [Int], count: Int) -> FieldColumn {
    func spread<Value>(_ values: [Value], missing: Value) -> [Value] {
      var all = [Value](repeating: missing, count: count)
      for (value, event) in zip(values, events) { all[event] = value }
      return all
    }
    switch self {
    case .dictionary(let values, let texts, let indexes):
      return .dictionary(
        values: values, texts: texts, indexes: spread(indexes, missing: SegmentReader.noIndex))
    case .integers(let values):
      return .integers(spread(values, missing: SegmentReader.missing))
    case .reals(let values): return .reals(spread(values, missing: .nan))
    case .inMessages: return .inMessages
    }
  }

  func append(to output: inout BlockOutput) {
    switch self {
    case .dictionary(let values, let texts, let indexes):
      output.append(Kind.dictionary.rawValue)
      output.append(count: values.count)
      for value in values {
        switch value {
        case .integer(let integer):
          output.append(0)
          output.append(integer: integer)
        case .real(let real):
          output.append(1)
          output.append(integer: real.bitPattern)
        case .text: output.append(2)
        }
      }
      output.append(count: texts.count)
      texts.append(to: &output)
      IntegerCodec.append(indexes: indexes, to: &output)
    case .integers(let values):
      output.append(Kind.integers.rawValue)
      IntegerCodec.append(values, asSteps: false, to: &output)
    case .reals(let values):
      output.append(Kind.reals.rawValue)
      RealCodec.append(values, to: &output)
    case .inMessages:
      output.append(Kind.inMessages.rawValue)
    }
  }

  init?(encoded: [UInt8], eventCount: Int) {
    var input = BlockInput(encoded)
    switch input.byte().flatMap(Kind.init) {
    case .dictionary:
      guard let count = input.count(limit: eventCount),
        let (values, texts) = FieldColumn.entries(from: &input, count: count),
        let indexes = IntegerCodec.indexes(
          from: &input, count: eventCount, limit: count, allowsNone: true)
      else { return nil }
      self = .dictionary(values: values, texts: texts, indexes: indexes)
    case .integers:
      guard let values = IntegerCodec.integers(from: &input, count: eventCount) else { return nil }
      self = .integers(values)
    case .reals:
      guard let values = RealCodec.reals(from: &input, count: eventCount) else { return nil }
      self = .reals(values)
    case .inMessages: self = .inMessages
    case .templates, nil: return nil
    }
  }

  private static func entries(
    from input: inout BlockInput, count: Int
  ) -> (values: [Value], texts: Texts)? {
    var values: [Value] = []
    var textCount = 0
    for _ in 0..<count {
      switch input.byte() {
      case 0:
        guard let integer = input.integer(Int64.self) else { return nil }
        values.append(.integer(integer))
      case 1:
        guard let bits = input.integer(UInt64.self) else { return nil }
        values.append(.real(Double(bitPattern: bits)))
      case 2:
        values.append(.text(textCount))
        textCount += 1
      default: return nil
      }
    }
    guard input.count(limit: textCount) == textCount,
      let texts = Texts(from: &input, count: textCount)
    else { return nil }
    return (values, texts)
  }
}
