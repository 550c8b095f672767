extension BinaryInteger {
  /// The number with grouped digits, such as `1,234,567`, for display.
  public var grouped: String {
    var text: [Character] = []
    for (index, digit) in String(magnitude).reversed().enumerated() {
      if index > 0, index.isMultiple(of: 3) { text.append(",") }
      text.append(digit)
    }
    return (self < 0 ? "-" : "") + String(text.reversed())
  }
}
