/// The shortest decimal digits of a finite Double: ±0.d₁d₂d₃… × 10^`pointPosition`.
struct DecimalExpansion {
  private var isNegative = false
  /// Values 0–9, the first and the last not 0; a shortest expansion has at most 17 digits.
  private var digits = InlineArray<20, UInt8>(repeating: 0)
  private var count = 0
  /// The number of digits before the decimal point; negative for zeros right after it.
  private var pointPosition = 0

  /// - Parameter real: Must be finite.
  init(_ real: Double) {
    // The standard library finds the digits; its text is `[-]d+[.d+][e±d+]`.
    var text = real.description
    text.withUTF8 { read($0) }
  }

  private mutating func read(_ text: UnsafeBufferPointer<UInt8>) {
    var hasPoint = false
    var index = 0
    while index < text.count {
      let byte = text[index]
      index += 1
      switch byte {
      case UInt8(ascii: "-"): isNegative = true
      case UInt8(ascii: "."): hasPoint = true
      case UInt8(ascii: "e"):
        pointPosition += exponent(in: text, from: index)
        index = text.count
      default:
        let isLeadingZero = count == 0 && byte == UInt8(ascii: "0")
        if !isLeadingZero, count < digits.count {
          digits[count] = byte &- UInt8(ascii: "0")
          count += 1
        }
        if isLeadingZero {
          if hasPoint { pointPosition -= 1 }
        } else if !hasPoint {
          pointPosition += 1
        }
      }
    }
    dropTrailingZeros()
  }

  private func exponent(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var value = 0
    var isNegative = false
    for byte in text[start...] {
      if byte == UInt8(ascii: "-") {
        isNegative = true
      } else if byte != UInt8(ascii: "+") {
        value = value &* 10 &+ Int(byte &- UInt8(ascii: "0"))
      }
    }
    return isNegative ? -value : value
  }

  /// Rounds half away from zero.
  mutating func round(toFractionDigits fractionDigits: Int) {
    let kept = pointPosition + min(max(fractionDigits, 0), 400)
    guard kept < count else { return }
    guard kept >= 0 else {
      count = 0
      return
    }
    let roundsUp = digits[kept] >= 5
    count = kept
    if roundsUp { increment() } else { dropTrailingZeros() }
  }

  /// Adds one to the last remaining digit.
  private mutating func increment() {
    while count > 0 {
      if digits[count - 1] < 9 {
        digits[count - 1] += 1
        return
      }
      count -= 1
    }
    digits[0] = 1
    count = 1
    pointPosition += 1
  }

  private mutating func dropTrailingZeros() {
    while count > 0, digits[count - 1] == 0 { count -= 1 }
  }

  /// Appends the number in plain notation, without an exponent.
  func append(to output: inout [UInt8]) {
    let zero = UInt8(ascii: "0")
    guard count > 0 else {
      output.append(zero)
      return
    }
    if isNegative { output.append(UInt8(ascii: "-")) }
    if pointPosition <= 0 {
      output.append(zero)
    }
    for position in 0..<max(pointPosition, 0) {
      output.append(position < count ? zero &+ digits[position] : zero)
    }
    guard count > pointPosition else { return }
    output.append(UInt8(ascii: "."))
    for _ in 0..<max(-pointPosition, 0) { output.append(zero) }
    for position in max(pointPosition, 0)..<count { output.append(zero &+ digits[position]) }
  }
}
