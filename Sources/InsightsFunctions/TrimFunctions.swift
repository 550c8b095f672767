internal import InsightsText

/// `ql_trim`, `ql_ltrim`, `ql_rtrim` with or without the characters to trim, and `ql_isblank`.
///
/// Without characters, Unicode's white space is trimmed; otherwise only these, by code point.
enum TrimFunctions {
  static var all: [SQLFunction] {
    [
      SQLFunction("ql_trim", arguments: 1, 2) {
        TrimFunctions.trim(SQLCall($0, $1, $2), start: true, end: true)
      },
      SQLFunction("ql_ltrim", arguments: 1, 2) {
        TrimFunctions.trim(SQLCall($0, $1, $2), start: true, end: false)
      },
      SQLFunction("ql_rtrim", arguments: 1, 2) {
        TrimFunctions.trim(SQLCall($0, $1, $2), start: false, end: true)
      },
      SQLFunction("ql_isblank", arguments: 1) { TrimFunctions.isBlank(SQLCall($0, $1, $2)) },
    ]
  }

  private static func trim(_ call: SQLCall, start: Bool, end: Bool) {
    guard !call.hasNull else { return }
    call[0].withText { text in
      let kept =
        call.argumentCount == 2
        ? call[1].withText { range(of: text, trimming: $0, start: start, end: end) }
        : rangeWithoutWhiteSpace(of: text, start: start, end: end)
      call.setResult(text: UnsafeBufferPointer(rebasing: text[kept]))
    }
  }

  /// True for NULL and for text that consists of white space.
  private static func isBlank(_ call: SQLCall) {
    call.setResult(
      call[0].withText { rangeWithoutWhiteSpace(of: $0, start: true, end: false).isEmpty })
  }

  private static func rangeWithoutWhiteSpace(
    of text: UnsafeBufferPointer<UInt8>, start: Bool, end: Bool
  ) -> Range<Int> {
    whiteSpace.withUnsafeBufferPointer { range(of: text, trimming: $0, start: start, end: end) }
  }

  /// Returns the part of `text` without the characters at its ends.
  ///
  /// It compares the bytes of whole code points: in UTF-8 none is part of another.
  private static func range(
    of text: UnsafeBufferPointer<UInt8>, trimming characters: UnsafeBufferPointer<UInt8>,
    start: Bool, end: Bool
  ) -> Range<Int> {
    var lower = 0
    var upper = text.count
    while start, lower < upper {
      let count = codePointLength(text, at: lower, before: upper)
      guard contains(characters, text, lower..<lower + count) else { break }
      lower += count
    }
    while end, lower < upper {
      var first = upper - 1
      while first > lower, text[first] & 0xC0 == 0x80 { first -= 1 }
      guard contains(characters, text, first..<upper) else { break }
      upper = first
    }
    return lower..<upper
  }

  private static func contains(
    _ characters: UnsafeBufferPointer<UInt8>, _ text: UnsafeBufferPointer<UInt8>,
    _ codePoint: Range<Int>
  ) -> Bool {
    let first = text[codePoint.lowerBound]
    // An ASCII byte is part of no other code point.
    if first < 0x80, codePoint.count == 1 { return characters.firstOffset(of: first) != nil }
    var position = 0
    while position < characters.count {
      let count = codePointLength(characters, at: position, before: characters.count)
      let character = UnsafeBufferPointer(rebasing: characters[position..<position + count])
      if text.holds(character, in: codePoint) { return true }
      position += count
    }
    return false
  }

  /// The first byte and its continuation bytes.
  private static func codePointLength(
    _ text: UnsafeBufferPointer<UInt8>, at start: Int, before end: Int
  ) -> Int {
    var position = start + 1
    while position < end, text[position] & 0xC0 == 0x80 { position += 1 }
    return position - start
  }

  /// The code points with Unicode's White_Space property, the most frequent first.
  private static let whiteSpace: [UInt8] = Array(
    """
    \u{20}\u{A}\u{9}\u{D}\u{A0}\u{B}\u{C}\u{85}\u{1680}\u{2000}\u{2001}\u{2002}\u{2003}\u{2004}\
    \u{2005}\u{2006}\u{2007}\u{2008}\u{2009}\u{200A}\u{2028}\u{2029}\u{202F}\u{205F}\u{3000}
    """.utf8)
}
