internal import InsightsText

/// Encodes values of any kind as texts that are equal if the values are: a letter for the kind, and
/// the value.
///
/// They are `n` and the digits of a number, or `t` and a text. Numbers have the form of
/// ClickHouse's `toString`, so that results that are computed on the server are equal as well.
enum ClickHouseValue {
  /// Appends a number in JSON; a number too large for a `Double` is a text.
  static func append(numberWritten text: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
    guard let number = NumericText.number(text) else {
      output.append(UInt8(ascii: "t"))
      output.append(contentsOf: text)
      return
    }
    output.append(UInt8(ascii: "n"))
    switch number {
    case .integer(let integer): NumericText.append(integer, to: &output)
    case .real(let real):
      if real.magnitude >= NumericText.wideMagnitude, NumericText.isWide(text) {
        NumericText.appendCanonical(wide: text, to: &output)
      } else {
        append(real, to: &output)
      }
    }
  }

  /// Appends the text that the language shows for the number, with an exponent below 1e-6 and from
  /// 1e21 on; also from 2^53 on, unlike an integer, with which arithmetic differs: `e0` if an integer
  /// of 64 bits has the same value, otherwise `e+0`.
  private static func append(_ real: Double, to output: inout [UInt8]) {
    guard real != 0, !(1e-6..<1e21).contains(real.magnitude) else {
      NumericText.append(real, to: &output)
      if real.magnitude >= 0x1p53 { output += (Int64(exactly: real) == nil ? "e+0" : "e0").utf8 }
      return
    }
    // Swift writes 1e-07 and 1e+21.
    let parts = real.description.split(separator: "e")
    let digits = parts[0].hasSuffix(".0") ? parts[0].dropLast(2) : parts[0]
    output += digits.utf8
    guard parts.count == 2, let exponent = Int(parts[1]) else { return }
    output += "e\(exponent)".utf8
  }
}
