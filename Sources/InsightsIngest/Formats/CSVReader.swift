internal import InsightsText

/// Splits CSV (RFC 4180) into records: quoted fields may contain separators, line ends and doubled
/// quotes.
struct CSVReader {
  /// The bytes of a field, without its quotes.
  struct Field {
    var range: Range<Int>
    var isQuoted = false
  }

  /// The result of reading at an offset.
  enum Outcome {
    case record([Field], end: Int)
    /// The record's end is not in the text.
    case incomplete
  }

  let separator: UInt8

  /// Parses the record at `start`; `isEnd` means that the text is complete.
  func record(
    in text: UnsafeBufferPointer<UInt8>, at start: Int, isEnd: Bool
  ) -> Outcome {
    var fields: [Field] = []
    var index = start
    while true {
      let field: Field
      if index < text.count, text[index] == UInt8(ascii: "\"") {
        guard let close = closingQuote(in: text, from: index + 1) else { return .incomplete }
        // The byte after the quote decides whether it is doubled.
        if close + 1 == text.count, !isEnd { return .incomplete }
        field = Field(range: index + 1..<close, isQuoted: true)
        index = close + 1
        // Text between the quote and the separator is invalid; skip it.
        while index < text.count, text[index] != separator, text[index] != 0x0A { index += 1 }
      } else {
        let fieldStart = index
        while index < text.count, text[index] != separator, text[index] != 0x0A { index += 1 }
        if index == text.count, !isEnd { return .incomplete }
        let isWindows =
          index < text.count && text[index] == 0x0A && index > fieldStart
          && text[index - 1] == 0x0D
        field = Field(range: fieldStart..<(isWindows ? index - 1 : index))
      }
      fields.append(field)
      guard index < text.count else {
        return isEnd ? .record(fields, end: text.count) : .incomplete
      }
      index += 1
      if text[index - 1] == 0x0A { return .record(fields, end: index) }
    }
  }

  private func closingQuote(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    var index = start
    while let quote = text.firstOffset(of: UInt8(ascii: "\""), from: index) {
      guard quote + 1 < text.count, text[quote + 1] == UInt8(ascii: "\"") else { return quote }
      index = quote + 2
    }
    return nil
  }
}
