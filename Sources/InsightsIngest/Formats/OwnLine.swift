internal import InsightsText

/// Lines that begin an event regardless of their context: Lambda's own, and those of the runtimes'
/// loggers.
enum OwnLine {
  /// Whether a line of Lambda itself begins at `start`.
  static func isPlatform(_ text: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
    guard start < text.count else { return false }
    let first = text[start]
    // A timeout begins with the id if its time has become a prefix.
    let isTimeout =
      text.holds(" T", at: start + 36) && (first &- 48 < 10 || first &- UInt8(ascii: "a") < 6)
    guard isTimeout || first &- UInt8(ascii: "A") < 26 else { return false }
    return LambdaLine(UnsafeBufferPointer(rebasing: text[start...])) != nil
  }

  /// Whether an event begins at `start`, regardless of what precedes it.
  static func begins(_ text: UnsafeBufferPointer<UInt8>, at start: Int = 0) -> Bool {
    guard start < text.count else { return false }
    switch text[start] {
    case UInt8(ascii: "["):
      // Python: [LEVEL] TAB time TAB id TAB
      guard let level = LineTime.levelEnd(text, at: start), text[level - 1] == 0x09,
        let time = Timestamp.parseISO8601(text, at: level)
      else { return false }
      return text.holds("\t", at: time.end)
    case UInt8(ascii: "a")...UInt8(ascii: "f"): return isPlatform(text, at: start)
    case UInt8(ascii: "0")...UInt8(ascii: "9"):
      if isPlatform(text, at: start) { return true }
      // Node and .NET: time TAB id TAB; a timeout: time blank id blank.
      guard let time = Timestamp.parseISO8601(text, at: start), time.end < text.count else {
        return false
      }
      if text[time.end] == 0x09 {
        return LambdaLine.uuid(in: text, at: time.end + 1).map {
          text.holds("\t", at: $0.upperBound)
        } ?? false
          || text.holds("undefined\t", at: time.end + 1)
      }
      return LambdaLine.uuid(in: text, at: time.end + 1).map {
        text.holds(" Task timed out after ", at: $0.upperBound)
      } ?? false
    case UInt8(ascii: "{"):
      // A whole object on one line that contains its time.
      guard text.last(where: { $0 > 0x20 }) == UInt8(ascii: "}"),
        let (value, _) = JSONScanner.value(in: text, at: start)
      else { return false }
      return EventRecordReader.time(of: JSONRecord(text: text, value: value)) != nil
    default: return isPlatform(text, at: start)
    }
  }

  /// Returns the time in such a line.
  static func time(of text: UnsafeBufferPointer<UInt8>, at start: Int) -> Int64? {
    guard text[start] == UInt8(ascii: "{"), let (value, _) = JSONScanner.value(in: text, at: start)
    else { return LineTime.own(of: text, at: start) }
    return EventRecordReader.time(of: JSONRecord(text: text, value: value))
  }
}
