internal import InsightsText

/// Functions of text; a number is treated as its decimal text.
package enum TextKernels {
  typealias Text = UnsafeBufferPointer<UInt8>

  @inline(__always)
  package static func contains<Value: ScalarValue>(_ a: Value, _ b: Value) -> Bool? {
    compared(a, b) { $0.firstOffset(of: $1) != nil }
  }

  @inline(__always)
  package static func startsWith<Value: ScalarValue>(_ a: Value, _ b: Value) -> Bool? {
    compared(a, b) { $0.starts(with: $1) }
  }

  @inline(__always)
  package static func endsWith<Value: ScalarValue>(_ a: Value, _ b: Value) -> Bool? {
    compared(a, b) { $0.suffix($1.count).elementsEqual($1) }
  }

  @inline(__always)
  private static func compared<Value: ScalarValue>(
    _ a: Value, _ b: Value, _ test: (Text, Text) -> Bool
  ) -> Bool? {
    a.isNull || b.isNull ? nil : a.withText { a in b.withText { test(a, $0) } }
  }

  /// The length in code points.
  @inline(__always)
  package static func length(_ value: some ScalarValue) -> Int64? {
    if value.isNull { return nil }
    return value.withText { text in
      var count: Int64 = 0
      for byte in text where byte & 0xC0 != 0x80 { count &+= 1 }
      return count
    }
  }

  @inline(__always)
  package static func byteCount(_ value: some ScalarValue) -> Int64? {
    value.isNull ? nil : value.withText { Int64($0.count) }
  }

  /// True also for a missing value.
  @inline(__always)
  package static func isEmpty(_ value: some ScalarValue) -> Bool { value.withText(\.isEmpty) }
}
