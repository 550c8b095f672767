/// Formats numbers like Java's `Double.toString`: `15.0`, `14.97`, `6.7E7`, `1.0E-4`.
///
/// A number from 10⁻³ up to 10⁷ has at least one digit on both sides of the point; others have an
/// exponent. The digits are the fewest that identify the number.
enum JavaDouble {
  /// Appends a finite number.
  static func append(_ number: Double, to bytes: inout [UInt8]) {
    if number.sign == .minus { bytes.append(UInt8(ascii: "-")) }
    let (digits, exponent) = decimal(number.magnitude)
    let isPlain = number == 0 || (1e-3..<1e7).contains(number.magnitude)
    // The number of digits before the point.
    let wholeCount = isPlain ? exponent + 1 : 1
    if wholeCount <= 0 { bytes.append(UInt8(ascii: "0")) }
    for position in 0..<max(wholeCount, 0) {
      bytes.append(position < digits.count ? digits[position] : UInt8(ascii: "0"))
    }
    bytes.append(UInt8(ascii: "."))
    for _ in 0..<max(-wholeCount, 0) { bytes.append(UInt8(ascii: "0")) }
    let fraction = digits.dropFirst(max(wholeCount, 0))
    bytes.append(contentsOf: fraction.isEmpty ? [UInt8(ascii: "0")] : Array(fraction))
    if !isPlain { bytes.append(contentsOf: "E\(exponent)".utf8) }
  }

  /// The digits of a number without zeros at either end, and the power of ten of the first digit.
  private static func decimal(_ number: Double) -> (digits: [UInt8], exponent: Int) {
    let text = Array("\(number)".utf8)
    let mantissa = text.prefix { $0 != UInt8(ascii: "e") }
    let point = mantissa.firstIndex(of: UInt8(ascii: ".")) ?? mantissa.count
    var exponent = Int(String(decoding: text.dropFirst(mantissa.count + 1), as: UTF8.self)) ?? 0
    exponent += point - 1
    var digits = mantissa.filter { $0 != UInt8(ascii: ".") }
    while digits.count > 1, digits.first == UInt8(ascii: "0") {
      digits.removeFirst()
      exponent -= 1
    }
    while digits.count > 1, digits.last == UInt8(ascii: "0") { digits.removeLast() }
    return (digits, exponent)
  }
}
