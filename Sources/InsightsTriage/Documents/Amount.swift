internal import InsightsText

/// Formats milliseconds: `31,208.8 ms`, `10,000 ms`.
func milliseconds(_ value: Double) -> String {
  var bytes: [UInt8] = []
  NumericText.appendRounded(value, fractionDigits: 1, to: &bytes)
  let text = String(decoding: bytes, as: UTF8.self)
  let parts = text.split(separator: ".", maxSplits: 1)
  var whole = ""
  for (index, digit) in (parts.first ?? "").reversed().enumerated() {
    if index > 0, index % 3 == 0, digit != "-" { whole = "," + whole }
    whole = String(digit) + whole
  }
  return parts.count > 1 ? "\(whole).\(parts[1]) ms" : "\(whole) ms"
}

/// Formats milliseconds as seconds: `29 s`, `29.5 s`.
func seconds(_ milliseconds: Double) -> String {
  var bytes: [UInt8] = []
  NumericText.appendRounded(milliseconds / 1000, fractionDigits: 3, to: &bytes)
  return String(decoding: bytes, as: UTF8.self) + " s"
}
