internal import InsightsText

/// A single value as a kernel sees it: that of a scan, or an argument of a SQL function.
///
/// A kernel is the body of a function, written once over this. Kernels are inlined where they are
/// used, as a call through the protocol would cost more than most of them do.
protocol ScalarValue {
  var isNull: Bool { get }
  /// Whether the value is an integer beyond 64 bits.
  var isWide: Bool { get }
  /// The number that the language sees: a number, or text that is only a number.
  var number: NumericText.Number? { get }
  /// The number, only where the value is stored as one.
  var storedNumber: NumericText.Number? { get }
  /// Hands the text that the language shows for the value to `body`; empty without a value.
  func withText<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result
}

extension ScalarValue {
  /// The whole number that the value is, fractions cut off; nil without one and out of range.
  var wholeNumber: Int64? {
    switch number {
    case .integer(let integer)?: integer
    case .real(let real)?: Int64(exactly: real.rounded(.towardZero))
    case nil: nil
    }
  }
}

extension SQLValue: ScalarValue {}

extension Cell: ScalarValue {
  var isWide: Bool { kind == .wide }

  @inline(__always)
  func withText<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
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
  /// What a kernel gives; missing where it gives nothing.
  init(_ truth: Bool?) { self = truth.map { Cell($0) } ?? .null }

  init(_ number: NumericText.Number?) { self = number.map { Cell($0) } ?? .null }

  init(_ integer: Int64?) { self = integer.map { Cell($0) } ?? .null }
}

extension SQLCall {
  /// Gives what a kernel gives; NULL where it gives nothing.
  @inline(__always)
  func give(_ truth: Bool?) {
    if let truth { give(truth) }
  }

  @inline(__always)
  func give(_ integer: Int64?) {
    if let integer { give(integer) }
  }

  @inline(__always)
  func give(_ number: NumericText.Number?) {
    switch number {
    case .integer(let integer)?: give(integer)
    case .real(let real)?: give(real)
    case nil: break
    }
  }
}
