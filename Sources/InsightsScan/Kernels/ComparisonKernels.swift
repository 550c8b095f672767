internal import InsightsText

extension ScalarValue {
  /// Appends the digits of the value, a number from 2^63 on: by these it is found in a list.
  package func appendDigits(ofLarge real: Double, to digits: inout [UInt8]) {
    withText { NumericText.appendCanonical(wide: $0, to: &digits) }
    // The text has an exponent.
    if digits.isEmpty { NumericText.append(real, to: &digits) }
  }

  /// Appends the sort key of natural order; the value must not be missing.
  package func appendSortKey(to key: inout [UInt8]) {
    switch storedNumber {
    case .integer(let integer)?: NaturalOrder.appendKey(ofInteger: integer, to: &key)
    case .real(let real)?: NaturalOrder.appendKey(ofReal: real, to: &key)
    case nil: withText { NaturalOrder.appendKey(ofText: $0, to: &key) }
    }
  }
}

/// The language's rules for truth, equality and order.
package enum ComparisonKernels {
  /// Any nonzero number is true, and so is the text `true`.
  @inline(__always)
  package static func isTrue(_ value: some ScalarValue) -> Bool? {
    if value.isNull { return nil }
    if let number = value.number { return !number.isZero }
    return value.withText { text in
      text.count == 4 && text[0] | 0x20 == UInt8(ascii: "t")
        && text[1] | 0x20 == UInt8(ascii: "r") && text[2] | 0x20 == UInt8(ascii: "u")
        && text[3] | 0x20 == UInt8(ascii: "e")
    }
  }

  /// Compares as numbers if both denote one, otherwise as texts.
  @inline(__always)
  package static func equalValues<Value: ScalarValue>(_ a: Value, _ b: Value) -> Bool? {
    if a.isNull || b.isNull { return nil }
    switch (a.number, b.number) {
    case (let x?, let y?): return order(x, y, a, b) == 0
    case (nil, nil): return a.withText { a in b.withText { a.compareBytes(with: $0) } } == 0
    // A number never equals a non-numeric text.
    default: return false
    }
  }

  /// Returns a negative number, 0 or a positive number; `nil` for a stored number and a non-numeric
  /// text, which have no order.
  @inline(__always)
  package static func naturalOrder<Value: ScalarValue>(_ a: Value, _ b: Value) -> Int? {
    if a.isNull || b.isNull { return nil }
    if let x = a.number, let y = b.number { return order(x, y, a, b) }
    guard !a.isWide, !b.isWide, a.storedNumber == nil, b.storedNumber == nil else { return nil }
    return a.withText { a in b.withText { a.compareBytes(with: $0) } }.signum()
  }

  /// Returns -1, 0 or 1: the order of two values in `sort`.
  ///
  /// Two numbers are compared without keys. Otherwise `otherKey` is computed if it is empty, and
  /// `key` is replaced by the key of the first value, or emptied if that was not needed.
  @inline(__always)
  package static func sortOrder<Value: ScalarValue>(
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

  /// Compares two numeric values exactly, even beyond 64 bits.
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
