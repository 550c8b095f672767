internal import InsightsModel
internal import InsightsText

extension Value {
  /// Whether a row has no value in the column.
  ///
  /// Infinity and NaN, which JSON cannot represent, count as missing.
  var isMissing: Bool {
    switch self {
    case .null: true
    case .real(let number): !number.isFinite
    case .integer, .text, .wide: false
    }
  }
}

extension ResultColumn {
  /// Whether `value` is a number in this column; times are not.
  func showsNumber(_ value: Value) -> Bool {
    switch value {
    case .integer, .real, .wide: type != .timestamp && !value.isMissing
    case .null, .text: false
    }
  }

  /// Appends `value` in the form of all formats.
  ///
  /// Missing values are empty, times are `2026-02-11 09:15:00.123` (UTC), and computed decimals
  /// have at most four fraction digits. In a zone other than UTC times are followed by the offset.
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
