import InsightsText
import Testing

@Suite("display width")
struct DisplayWidthTests {
  @Test(
    "width: letters, wide characters, marks and emoji",
    arguments: [
      ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("ＡＢ", 4), ("한글", 4),
      ("\u{1112}\u{1161}\u{11AB}", 2), ("🎉", 2), ("👩‍👩‍👧‍👦", 2), ("👍🏽", 2), ("🇩🇪", 2),
      ("🇩🇪🇫🇷", 4), ("❤", 1), ("❤\u{FE0F}", 2), ("1\u{FE0F}\u{20E3}", 2), ("a\u{200B}b", 2),
      ("\u{FEFF}a", 1), ("\u{7}a\u{1B}", 1), ("…", 1), ("─", 1), ("✅", 2), ("א", 1), ("ﷺ", 1),
      ("👁\u{FE0F}\u{200D}🗨\u{FE0F}", 2), ("a\u{FE0F}", 1), ("a\u{200D}b", 2), ("\u{AD}", 1),
      ("🏳\u{FE0F}\u{200D}🌈", 2), ("🎉🎉", 4), ("\u{200D}", 0),
    ])
  func columns(text: String, count: Int) {
    #expect(DisplayWidth.columns(of: text) == count)
  }

  @Test(
    "width: text is cut only where it does not fit, never inside a character",
    arguments: [
      ("abc", 3, "abc"), ("abcd", 3, "ab…"), ("abc", 1, "…"), ("abc", 0, ""), ("abc", -1, ""),
      ("", 0, ""), ("日本語", 6, "日本語"), ("日本語", 5, "日本…"), ("日本語", 4, "日…"),
      ("日本", 1, "…"), ("日", 2, "日"), ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"),
      ("👩‍👩‍👧‍👦ab", 3, "👩‍👩‍👧‍👦…"), ("👩‍👩‍👧‍👦ab", 4, "👩‍👩‍👧‍👦ab"), ("🇩🇪🇫🇷", 3, "🇩🇪…"),
      ("❤\u{FE0F}x", 2, "…"), ("ab\u{301}", 2, "ab\u{301}"),
    ])
  func truncation(text: String, columns: Int, expected: String) {
    let cut = DisplayWidth.truncate(text, to: columns)
    #expect(Array(cut.unicodeScalars) == Array(expected.unicodeScalars))
    #expect(DisplayWidth.columns(of: cut) <= max(columns, 0))
  }

  @Test("width: a text cut to any width fits it")
  func fits() {
    let text = "a日👩‍👩‍👧‍👦e\u{301}🇩🇪❤\u{FE0F}1\u{FE0F}\u{20E3}👍🏽\u{200D}z"
    for columns in 0...20 {
      #expect(DisplayWidth.columns(of: DisplayWidth.truncate(text, to: columns)) <= columns)
    }
  }
}
