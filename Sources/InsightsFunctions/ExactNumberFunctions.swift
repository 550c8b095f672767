internal import InsightsScan
internal import Glibc
internal import InsightsText

/// `ql_exact_number`, `ql_abs`, `ql_floor`, `ql_ceil`, `ql_round`, `ql_remainder`, `ql_greatest`, `ql_least`:
/// functions of numbers that keep the digits of integers, also of those beyond 64 bits.
enum ExactNumberFunctions {
  static var all: [SQLFunction] {
    [
      SQLFunction("ql_exact_number", arguments: 1) {
        let call = SQLCall($0, $1, $2)
        ExactNumberFunctions.setResult(call, call[0])
      },
      SQLFunction("ql_abs", arguments: 1) { ExactNumberFunctions.magnitude(SQLCall($0, $1, $2)) },
      SQLFunction("ql_floor", arguments: 1) {
        ExactNumberFunctions.rounded(SQLCall($0, $1, $2), floor)
      },
      SQLFunction("ql_ceil", arguments: 1) {
        ExactNumberFunctions.rounded(SQLCall($0, $1, $2), ceil)
      },
      SQLFunction("ql_round", arguments: -1) {
        ExactNumberFunctions.roundedToDigits(SQLCall($0, $1, $2))
      },
      SQLFunction("ql_remainder", arguments: 2) {
        ExactNumberFunctions.remainder(SQLCall($0, $1, $2))
      },
      SQLFunction("ql_greatest", arguments: -1) {
        ExactNumberFunctions.extreme(SQLCall($0, $1, $2), sign: 1)
      },
      SQLFunction("ql_least", arguments: -1) {
        ExactNumberFunctions.extreme(SQLCall($0, $1, $2), sign: -1)
      },
    ]
  }

  /// Returns the digits of an integer beyond 64 bits; `nil` for any other value.
  private static func wideDigits(of value: SQLValue) -> [UInt8]? {
    guard case .real(let real)? = value.number, real.magnitude >= NumericText.wideMagnitude else {
      return nil
    }
    return value.withText { text in
      guard NumericText.isWide(text) else { return nil }
      var digits: [UInt8] = []
      NumericText.appendCanonical(wide: text, to: &digits)
      return digits
    }
  }

  /// Returns the number that a value is or denotes.
  private static func setResult(_ call: SQLCall, _ value: SQLValue) {
    if let digits = wideDigits(of: value) {
      call.setResult(blob: digits)
    } else {
      call.setResult(value.number)
    }
  }

  /// The absolute value; SQLite's own `abs` fails for the smallest integer.
  private static func magnitude(_ call: SQLCall) {
    if var digits = wideDigits(of: call[0]) {
      if digits.first == UInt8(ascii: "-") { digits.removeFirst() }
      call.setResult(blob: digits)
      return
    }
    switch call[0].number {
    case .integer(.min): call.setResult(-Double(Int64.min))
    case .integer(let integer): call.setResult(abs(integer))
    case .real(let real): call.setResult(abs(real))
    case nil: break
    }
  }

  private static func rounded(_ call: SQLCall, _ round: (Double) -> Double) {
    if case .real(let real)? = call[0].number, wideDigits(of: call[0]) == nil {
      call.setResult(round(real))
    } else {
      setResult(call, call[0])
    }
  }

  /// Rounds half away from zero, to digits after the point; negative ones are places before it.
  private static func roundedToDigits(_ call: SQLCall) {
    var digits = 0
    if call.argumentCount > 1 {
      guard let count = call[1].wholeNumber else { return }
      digits = Int(max(-400, min(count, 400)))
    }
    if digits >= 0 {
      guard case .real(let real)? = call[0].number, wideDigits(of: call[0]) == nil else {
        return setResult(call, call[0])
      }
      if digits == 0 { return call.setResult(real.rounded(.toNearestOrAwayFromZero)) }
      // The decimal text is rounded, since `2.345` is slightly less in binary.
      var text: [UInt8] = []
      NumericText.appendRounded(real, fractionDigits: digits, to: &text)
      call.setResult(text.withUnsafeBufferPointer { NumericText.number($0) })
      return
    }
    guard let number = call[0].number else { return }
    if case .integer(let integer) = number, digits >= -18 {
      let unit = (0..<(-digits)).reduce(Int64(1)) { unit, _ in unit * 10 }
      let rest = integer % unit
      let (step, overflow) =
        rest.magnitude >= UInt64(unit) - rest.magnitude
        ? (integer - rest).addingReportingOverflow(integer < 0 ? -unit : unit)
        : (integer - rest, false)
      if !overflow { return call.setResult(step) }
    }
    let unit = pow(10, Double(-digits))
    call.setResult(
      unit.isFinite ? (number.real / unit).rounded(.toNearestOrAwayFromZero) * unit : 0)
  }

  /// Returns the remainder of a division, with the sign of the dividend; missing for a division by
  /// zero.
  private static func remainder(_ call: SQLCall) {
    guard let dividend = call[0].number, let divisor = call[1].number, !divisor.isZero else {
      return
    }
    guard case .integer(let divisor) = divisor else {
      call.setResult(fmod(dividend.real, divisor.real))
      return
    }
    if let digits = wideDigits(of: call[0]), divisor.magnitude < 1 << 59 {
      let isNegative = digits.first == UInt8(ascii: "-")
      let rest = digits.dropFirst(isNegative ? 1 : 0).reduce(into: UInt64(0)) { rest, digit in
        rest = (rest * 10 + UInt64(digit - UInt8(ascii: "0"))) % divisor.magnitude
      }
      call.setResult(isNegative ? -Int64(rest) : Int64(rest))
    } else if case .integer(let dividend) = dividend {
      // The smallest integer divided by -1 overflows.
      call.setResult(divisor == -1 ? 0 : dividend % divisor)
    } else {
      call.setResult(fmod(dividend.real, Double(divisor)))
    }
  }

  /// Returns the argument with the largest or smallest number; non-numeric ones are ignored.
  private static func extreme(_ call: SQLCall, sign: Int) {
    var best: SQLValue?
    for index in 0..<call.argumentCount where call[index].number != nil {
      if let best, ComparisonKernels.naturalOrder(call[index], best) != sign { continue }
      best = call[index]
    }
    if let best { setResult(call, best) }
  }
}
