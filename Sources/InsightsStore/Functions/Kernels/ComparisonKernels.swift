internal import InsightsText

extension ScalarValue {
  /// Appends the key that sorts the value, which is not missing, in natural order.
  func appendSortKey(to key: inout [UInt8]) {
    switch storedNumber {
    case .integer(let integer)?: NaturalOrder.appendKey(ofInteger: integer, to: &key)
    case .real(let real)?: NaturalOrder.appendKey(ofReal: real, to: &key)
    case nil: withText { NaturalOrder.appendKey(ofText: $0, to: &key) }
    }
  }
}

/// The language's idea of truth, equality and order.
enum ComparisonKernels {
  /// Any number but 0 is true, and so is the text `true`.
  @inline(__always)
  static func isTrue(_ value: some ScalarValue) -> Bool? {
    if value.isNull { return nil }
    if let number = value.number { return !number.isZero }
    return value.withText { text in
      text.count == 4 && text[0] | 0x20 == UInt8(ascii: "t")
        && text[1] | 0x20 == UInt8(ascii: "r") && text[2] | 0x20 == UInt8(ascii: "u")
        && text[3] | 0x20 == UInt8(ascii: "e")
    }
  }

  /// As numbers where both denote one, else as texts.
  @inline(__always)
  static func equalValues<Value: ScalarValue>(_ a: Value, _ b: Value) -> Bool? {
    if a.isNull || b.isNull { return nil }
    switch (a.number, b.number) {
    case (let x?, let y?): return order(x, y, a, b) == 0
    case (nil, nil): return a.withText { a in b.withText { a.compareBytes(with: $0) } } == 0
    // A number is never the same text as what is no number.
    default: return false
    }
  }

  /// Less than 0, 0 or more; nothing for a stored number beside text that is none, which have no
  /// order.
  @inline(__always)
  static func naturalOrder<Value: ScalarValue>(_ a: Value, _ b: Value) -> Int? {
    if a.isNull || b.isNull { return nil }
    if let x = a.number, let y = b.number { return order(x, y, a, b) }
    guard !a.isWide, !b.isWide, a.storedNumber == nil, b.storedNumber == nil else { return nil }
    return a.withText { a in b.withText { a.compareBytes(with: $0) } }.signum()
  }

  /// -1, 0 or 1: the order in which `sort` puts two values.
  ///
  /// Two numbers compare without keys. Else the key of the second is made where it is empty, and that
  /// of the first in the place of what `key` holds; it is empty where none was made.
  @inline(__always)
  static func sortOrder<Value: ScalarValue>(
    of value: Value, key: inout [UInt8], beside other: Value, key otherKey: inout [UInt8]
  ) -> Int {
    key.removeAll(keepingCapacity: true)
    if let number = value.storedNumber, let otherNumber = other.storedNumber {
      return number.compare(with: otherNumber)
    }
    if otherKey.isEmpty { other.appendSortKey(to: &otherKey) }
    value.appendSortKey(to: &key)
    return key.withUnsafeBufferPointer { key in
      otherKey.withUnsafeBufferPointer { key.compareBytes(with: $0) }
    }.signum()
  }

  /// The order of two values that are numbers, exact also beyond 64 bits.
  @inline(__always)
  private static func order<Value: ScalarValue>(
    _ x: NumericText.Number, _ y: NumericText.Number, _ a: Value, _ b: Value
  ) -> Int {
    let order = x.compare(with: y)
    guard order == 0, case .real(let real) = x, real.magnitude >= NumericText.wideMagnitude else {
      return order
    }
    return a.withText { a in b.withText { NumericText.order(ofWide: a, $0) } }
  }
}
