internal import InsightsScan
internal import InsightsText

extension SQLValue: ScalarValue {}

extension SQLCall {
  /// Returns the result of a kernel; NULL if it has none.
  @inline(__always)
  func setResult(_ truth: Bool?) {
    if let truth { setResult(truth) }
  }

  @inline(__always)
  func setResult(_ integer: Int64?) {
    if let integer { setResult(integer) }
  }

  @inline(__always)
  func setResult(_ number: NumericText.Number?) {
    switch number {
    case .integer(let integer)?: setResult(integer)
    case .real(let real)?: setResult(real)
    case nil: break
    }
  }
}
