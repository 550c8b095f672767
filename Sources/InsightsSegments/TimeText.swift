internal import InsightsText

/// Formats times as `2026-02-11T09:15:00.123Z`, faster for consecutive times in the same second.
final class TimeText {
  /// The size of the text in bytes.
  static let length = 24

  /// The times whose years have four digits.
  private static let range: Range<Int64> = -62_167_219_200_000..<253_402_300_800_000

  /// The text of the last time.
  let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: TimeText.length)
  @exclusivity(unchecked) private var second = Int64.min
  @exclusivity(unchecked) private var day = Int64.min

  init() {
    bytes.initialize(repeating: UInt8(ascii: "0"))
  }

  deinit {
    bytes.deallocate()
  }

  /// Writes a time to `bytes`; returns false for one without such a text.
  func write(_ milliseconds: Int64) -> Bool {
    guard TimeText.range.contains(milliseconds) else { return false }
    // From the start of the range, so that division rounds down.
    let elapsed = milliseconds - TimeText.range.lowerBound
    let second = elapsed / 1000
    if second != self.second {
      self.second = second
      write(second: second)
    }
    let fraction = Int(elapsed - second * 1000)
    bytes[20] = digit(fraction / 100)
    bytes[21] = digit(fraction / 10 % 10)
    bytes[22] = digit(fraction % 10)
    return true
  }

  /// Writes everything except the milliseconds; `second` counts from the start of the range.
  private func write(second: Int64) {
    let day = second / 86_400
    if day != self.day {
      self.day = day
      write(dayAt: second * 1000 + TimeText.range.lowerBound)
    }
    let time = Int(second - day * 86_400)
    write(time / 3600, at: 11)
    write(time / 60 % 60, at: 14)
    write(time % 60, at: 17)
  }

  private func write(dayAt milliseconds: Int64) {
    var text: [UInt8] = []
    Timestamp.append(milliseconds, to: &text)
    for index in 0..<19 { bytes[index] = text[index] }
    bytes[10] = UInt8(ascii: "T")
    bytes[19] = UInt8(ascii: ".")
    bytes[23] = UInt8(ascii: "Z")
  }

  /// Writes two digits.
  private func write(_ value: Int, at index: Int) {
    bytes[index] = digit(value / 10)
    bytes[index + 1] = digit(value % 10)
  }

  private func digit(_ value: Int) -> UInt8 { UInt8(truncatingIfNeeded: value) + UInt8(ascii: "0") }
}
