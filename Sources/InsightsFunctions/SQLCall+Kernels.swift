internal import InsightsScan
internal import InsightsText

extension SQLValue: ScalarValue {}

extension SQLCall {
  /// Returns the result of a kernel; NULL if it has none.
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
