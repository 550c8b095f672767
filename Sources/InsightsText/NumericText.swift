/// Parses numbers from text, and formats numbers as the language does.
public enum NumericText {
  /// A number read from text.
  public enum Number: Equatable, Sendable {
    /// Digits with an optional sign, within 64 bits.
    case integer(Int64)
    /// Any other number; always finite.
    case real(Double)
  }

  /// Parses a text that is a number as a whole: sign, digits, fraction, exponent.
  ///
  /// `.5` is a number, `5.` is not; nor is text with white space, hexadecimal digits, infinity, or
  /// a number too large for a `Double`.
  public static func number(_ text: UnsafeBufferPointer<UInt8>) -> Number? {
    let count = text.count
    guard count > 0 else { return nil }
    var position = 0
    var isNegative = false
    if text[0] == UInt8(ascii: "-") || text[0] == UInt8(ascii: "+") {
      isNegative = text[0] == UInt8(ascii: "-")
      position = 1
    }

    // The first 19 digits always fit; longer numbers take the slow, exact path.
    var mantissa: UInt64 = 0
    var digitCount = 0
    func digit(at index: Int) -> UInt64? {
      let value = text[index] &- UInt8(ascii: "0")
      return value < 10 ? UInt64(value) : nil
    }
    while position < count, let value = digit(at: position) {
      mantissa = mantissa &* 10 &+ value
      digitCount += 1
      position += 1
    }
    let wholeDigitCount = digitCount
    if position == count, digitCount > 0, digitCount <= 18 {
      return .integer(isNegative ? -Int64(mantissa) : Int64(mantissa))
    }
    if position < count, text[position] == UInt8(ascii: ".") {
      position += 1
      while position < count, let value = digit(at: position) {
        mantissa = mantissa &* 10 &+ value
        digitCount += 1
        position += 1
      }
      guard digitCount > wholeDigitCount else { return nil }
    }
    guard digitCount > 0 else { return nil }
    let fractionDigitCount = digitCount - wholeDigitCount
    var hasExponent = false
    if position < count, text[position] | 0x20 == UInt8(ascii: "e") {
      hasExponent = true
      position += 1
      if position < count,
        text[position] == UInt8(ascii: "-") || text[position] == UInt8(ascii: "+")
      {
        position += 1
      }
      guard position < count, digit(at: position) != nil else { return nil }
      while position < count, digit(at: position) != nil { position += 1 }
    }
    guard position == count else { return nil }

    if fractionDigitCount == 0, !hasExponent,
      let integer = exactInteger(text, digitCount: digitCount)
    {
      return .integer(integer)
    }
    // Exact: digits and power of ten are both exact as Double, so the one division rounds once.
    if !hasExponent, digitCount <= 18, mantissa < 1 << 53, fractionDigitCount <= 22 {
      let magnitude = Double(mantissa) / powersOfTen[fractionDigitCount]
      return .real(isNegative ? -magnitude : magnitude)
    }
    guard let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite else {
      return nil
    }
    return .real(value)
  }

  /// Returns the value of a signed run of digits; `nil` on 64-bit overflow.
  private static func exactInteger(
    _ text: UnsafeBufferPointer<UInt8>, digitCount: Int
  ) -> Int64? {
    var value: Int64 = 0
    // Counts downwards because the least integer has no positive counterpart.
    for byte in text.suffix(digitCount) {
      let (product, tooSmall) = value.multipliedReportingOverflow(by: 10)
      let (difference, stillTooSmall) = product.subtractingReportingOverflow(
        Int64(byte &- UInt8(ascii: "0")))
      if tooSmall || stillTooSmall { return nil }
      value = difference
    }
    if text[0] == UInt8(ascii: "-") { return value }
    return value == .min ? nil : -value
  }

  // MARK: Integers beyond 64 bits

  /// The least magnitude at which a `Double` may represent an integer beyond 64 bits.
  public static let wideMagnitude = 0x1p63

  /// Whether a text is an integer (a sign and digits) that does not fit in 64 bits.
  ///
  /// `number` returns the nearest `Double`, which many such integers share.
  public static func isWide(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.count >= 19, let digits = wholeDigits(of: text)?.digits else { return false }
    return digits.count > 19
      || digits.count == 19 && exactInteger(text, digitCount: digits.count) == nil
  }

  /// Compares two numeric texts with the same nearest `Double`; returns -1, 0 or 1.
  ///
  /// Integers are compared by their digits; any other number compares equal.
  public static func order(
    ofWide left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>
  ) -> Int {
    guard let (isNegative, a) = wholeDigits(of: left),
      let (isOtherNegative, b) = wholeDigits(of: right), isNegative == isOtherNegative
    else { return 0 }
    let order =
      a.count == b.count ? a.compareBytes(with: b).signum() : a.count < b.count ? -1 : 1
    return isNegative ? -order : order
  }

  /// Returns the sign of an integer, and its digits without leading zeros; `nil` for any other
  /// text.
  static func wholeDigits(
    of text: UnsafeBufferPointer<UInt8>
  ) -> (isNegative: Bool, digits: UnsafeBufferPointer<UInt8>)? {
    guard let first = text.first else { return nil }
    let hasSign = first == UInt8(ascii: "-") || first == UInt8(ascii: "+")
    let digits = UnsafeBufferPointer(rebasing: text[(hasSign ? 1 : 0)...])
    guard !digits.isEmpty, digits.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }) else { return nil }
    let start = digits.firstIndex { $0 != UInt8(ascii: "0") } ?? digits.count - 1
    return (first == UInt8(ascii: "-"), UnsafeBufferPointer(rebasing: digits[start...]))
  }

  /// Appends an integer without a plus sign and leading zeros.
  public static func appendCanonical(
    wide text: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]
  ) {
    guard let (isNegative, digits) = wholeDigits(of: text) else { return }
    if isNegative { output.append(UInt8(ascii: "-")) }
    output.append(contentsOf: digits)
  }

  /// Returns an integer without a plus sign and leading zeros; `nil` for any other text.
  public static func canonical(wide text: String) -> String? {
    var text = text
    var digits: [UInt8] = []
    text.withUTF8 { appendCanonical(wide: $0, to: &digits) }
    return digits.isEmpty ? nil : String(decoding: digits, as: UTF8.self)
  }

  // MARK: Showing numbers

  /// Appends the decimal digits of an integer.
  public static func append(_ integer: Int64, to output: inout [UInt8]) {
    var rest = integer.magnitude
    if rest < 10, integer >= 0 {
      output.append(UInt8(ascii: "0") &+ UInt8(rest))
      return
    }
    if integer < 0 { output.append(UInt8(ascii: "-")) }
    let start = output.count
    repeat {
      output.append(UInt8(ascii: "0") &+ UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    output[start...].reverse()
  }

  /// Appends the digits of an integer of 64 bits, or of any other number the shortest text that reads
  /// back as the same number, without an exponent.
  ///
  /// `1.0` is `1`, `-0.0` is `0`, `1e-5` is `0.00001`. Infinity and NaN, which no query returns,
  /// are `inf`, `-inf` and `nan`.
  public static func append(_ real: Double, to output: inout [UInt8]) {
    if let integer = Int64(exactly: real) {
      append(integer, to: &output)
    } else if appendShortDecimal(real, fractionDigitLimit: 4, to: &output) {
      return
    } else if real.isFinite {
      DecimalExpansion(real).append(to: &output)
    } else {
      output.append(contentsOf: real.description.utf8)
    }
  }

  /// Appends a number rounded to at most `fractionDigits` digits, without trailing zeros.
  ///
  /// Rounds half away from zero, and rounds the decimal that is displayed: `27.65655` is slightly
  /// less in binary, yet becomes `27.6566`. A number that rounds to zero becomes `0`, without a
  /// sign.
  public static func appendRounded(
    _ real: Double, fractionDigits: Int, to output: inout [UInt8]
  ) {
    if !real.isFinite || Int64(exactly: real) != nil {
      append(real, to: &output)
      return
    }
    if appendShortDecimal(real, fractionDigitLimit: min(fractionDigits, 4), to: &output) { return }
    var expansion = DecimalExpansion(real)
    expansion.round(toFractionDigits: fractionDigits)
    expansion.append(to: &output)
  }

  /// Appends a number with few fraction digits, as most in logs have; returns false if it has more.
  ///
  /// A decimal of at most 15 digits is the only one that maps to its Double, so if it reads back as
  /// the number it is the shortest text. Three times as fast as finding the digits.
  private static func appendShortDecimal(
    _ real: Double, fractionDigitLimit: Int, to output: inout [UInt8]
  ) -> Bool {
    guard real.magnitude < 1e10 else { return false }
    var fractionDigits = 1
    while fractionDigits <= fractionDigitLimit {
      let scale = powersOfTen[fractionDigits]
      let scaled = (real * scale).rounded()
      if scaled / scale == real {
        let unit = UInt64(scale)
        let (whole, fraction) = Int64(scaled).magnitude.quotientAndRemainder(dividingBy: unit)
        if scaled < 0 { output.append(UInt8(ascii: "-")) }
        append(Int64(whole), to: &output)
        output.append(UInt8(ascii: "."))
        var rest = fraction
        var place = unit / 10
        while place > 0 {
          output.append(UInt8(ascii: "0") &+ UInt8(rest / place))
          rest %= place
          place /= 10
        }
        return true
      }
      fractionDigits += 1
    }
    return false
  }

  /// 10^0 … 10^22, the powers that a Double represents exactly.
  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]
}
