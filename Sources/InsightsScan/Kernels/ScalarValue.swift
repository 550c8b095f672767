package import InsightsText

/// A single value for a kernel: that of a scan, or an argument of an SQL function.
///
/// A kernel is the implementation of a function, written once over this protocol. Kernels are
/// inlined, since a call through the protocol would cost more than most of them do.
package protocol ScalarValue {
  var isNull: Bool { get }
  /// Whether the value is an integer beyond 64 bits.
  var isWide: Bool { get }
  /// The number for the language: a number, or text that is only a number.
  var number: NumericText.Number? { get }
  /// The number, if the value is stored as one.
  var storedNumber: NumericText.Number? { get }
  /// Calls `body` with the text that the language shows for the value; empty without a value.
  func withText<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result
}

extension ScalarValue {
  /// The value truncated to an integer; `nil` without a number and on overflow.
  package var wholeNumber: Int64? {
    switch number {
    case .integer(let integer)?: integer
    case .real(let real)?: Int64(exactly: real.rounded(.towardZero))
    case nil: nil
    }
  }
}

extension Cell: ScalarValue {
  package var isWide: Bool { kind == .wide }

  @inline(__always)
  package func withText<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    if hasBytes { return body(text) }
    var shown: [UInt8] = []
    switch storedNumber {
    case .integer(let integer)?: NumericText.append(integer, to: &shown)
    case .real(let real)?: NumericText.append(real, to: &shown)
    case nil: break
    }
    return shown.withUnsafeBufferPointer(body)
  }
}

extension Cell {
  /// The result of a kernel; missing if it has none.
  init(_ truth: Bool?) { self = truth.map { Cell($0) } ?? .null }

  init(_ number: NumericText.Number?) { self = number.map { Cell($0) } ?? .null }

  init(_ integer: Int64?) { self = integer.map { Cell($0) } ?? .null }
}
