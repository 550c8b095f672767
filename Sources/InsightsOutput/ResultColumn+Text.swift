internal import InsightsModel
internal import InsightsText

extension Value {
  /// Whether a row has no such value.
  ///
  /// Infinity and what is not a number, which JSON cannot hold, count as missing.
  var isMissing: Bool {
    switch self {
    case .null: true
    case .real(let number): !number.isFinite
    case .integer, .text, .wide: false
    }
  }
}

extension ResultColumn {
  /// Whether `value` reads as a number in this column; times do not.
  func showsNumber(_ value: Value) -> Bool {
    switch value {
    case .integer, .real, .wide: type != .timestamp && !value.isMissing
    case .null, .text: false
    }
  }

  /// Appends what every format shows for `value`: nothing when it is missing, times as
  /// `2026-02-11 09:15:00.123` (UTC), computed decimals with at most four fraction digits.
  ///
  /// In a zone other than UTC times are followed by the distance from it.
  func appendText(of value: Value, in timeZone: TimeZone = .utc, to bytes: inout [UInt8]) {
    switch value {
    case .null: break
    case .text(let text), .wide(let text): bytes.append(contentsOf: text.utf8)
    case .integer(let number) where type == .timestamp:
      Timestamp.append(number, in: timeZone, to: &bytes)
    case .integer(let number): NumericText.append(number, to: &bytes)
    case .real(let number) where !number.isFinite: break
    case .real(let number):
      if type == .timestamp, let milliseconds = Int64(exactly: number.rounded(.down)) {
        Timestamp.append(milliseconds, in: timeZone, to: &bytes)
      } else if isComputed {
        NumericText.appendRounded(number, fractionDigits: 4, to: &bytes)
      } else {
        NumericText.append(number, to: &bytes)
      }
    }
  }
}
