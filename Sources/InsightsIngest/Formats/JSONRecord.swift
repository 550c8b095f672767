internal import InsightsText

/// A JSON value and the text that it is in.
struct JSONRecord {
  let text: UnsafeBufferPointer<UInt8>
  let value: JSONScanner.Value

  /// The members, where the value is an object.
  var members: JSONMembers {
    JSONMembers(of: text, objectAt: value.kind == .object ? value.range.lowerBound : text.count)
  }

  /// The elements, where the value is an array.
  var elements: JSONElements {
    JSONElements(of: text, arrayAt: value.kind == .array ? value.range.lowerBound : text.count)
  }

  /// The value of a member.
  subscript(key: StaticString) -> JSONRecord? {
    guard value.kind == .object else { return nil }
    return JSONScanner.member(key, in: text, objectAt: value.range.lowerBound).map {
      JSONRecord(text: text, value: $0)
    }
  }

  /// The bytes of the value, those of a string without its quotes and with its escapes.
  var bytes: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: text[value.range.clamped(to: 0..<text.count)])
  }

  /// A string's bytes; `nil` for any other value, and for an empty string.
  var name: UnsafeBufferPointer<UInt8>? {
    value.kind == .string && !value.range.isEmpty ? bytes : nil
  }

  func isKind(_ kind: JSONScanner.Value.Kind) -> Bool { value.kind == kind }

  /// The time that a number or a string stands for, in epoch milliseconds.
  ///
  /// The unit of a number is told by its size: seconds, also with a fraction, milli-, micro- or
  /// nanoseconds.
  var timestamp: Int64? {
    switch value.kind {
    case .string:
      if let match = Timestamp.parseAny(bytes), match.end == bytes.count {
        return match.milliseconds
      }
      return nil
    case .number:
      switch NumericText.number(bytes) {
      case .integer(let number)?: return Self.milliseconds(number)
      case .real(let number)?: return Self.milliseconds(number)
      case nil: return nil
      }
    default: return nil
    }
  }

  /// An epoch time of unknown unit as milliseconds.
  private static func milliseconds(_ number: Int64) -> Int64? {
    switch number {
    case 0..<100_000_000_000: number * 1000
    case 100_000_000_000..<100_000_000_000_000: number
    case 100_000_000_000_000..<100_000_000_000_000_000: number / 1000
    case 100_000_000_000_000_000...: number / 1_000_000
    default: nil
    }
  }

  private static func milliseconds(_ number: Double) -> Int64? {
    guard number > 0, number < 9e18 else { return nil }
    if number < 1e11 { return Int64((number * 1000).rounded()) }
    return milliseconds(Int64(number))
  }

  /// Epoch milliseconds of a number that has this unit by definition.
  var epochMilliseconds: Int64? {
    guard value.kind == .number, case .integer(let number)? = NumericText.number(bytes) else {
      return nil
    }
    return number
  }

  /// Appends the text of a string, or any other value as written.
  func appendText(to batch: inout LogEventBatch) -> Range<Int> {
    value.kind == .string
      ? batch.append(unescaping: value.range, of: text) : batch.append(bytes)
  }
}
