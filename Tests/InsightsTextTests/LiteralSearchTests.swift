import InsightsText
import Testing

@Suite("literal search")
struct LiteralSearchTests {
  private func offset(
    of literal: String, in text: String, ignoresCase: Bool = false, from start: Int = 0
  ) -> Int? {
    LiteralSearch(Array(literal.utf8), ignoresCase: ignoresCase).flatMap { search in
      Array(text.utf8).withUnsafeBufferPointer { search.firstOffset(in: $0, from: start) }
    }
  }

  @Test("a literal is found wherever it stands", arguments: 0..<70)
  func places(place: Int) {
    for literal in ["E", "ab", "ERROR", "a longer literal of some words"] {
      let text = String(repeating: "a", count: place) + literal + "zz"
      #expect(offset(of: literal, in: text) == place)
      #expect(offset(of: literal, in: text, from: place + 1) == nil)
      #expect(offset(of: literal, in: String(text.dropLast(3))) == nil)
    }
  }

  @Test("case is ignored where it is asked for")
  func cases() {
    #expect(offset(of: "timeout", in: "a TimeOUT", ignoresCase: true) == 2)
    #expect(offset(of: "timeout", in: "a TimeOUT") == nil)
    #expect(offset(of: "DB-1", in: "the db-1", ignoresCase: true) == 4)
    // A mark that differs from another in the bit of the case is not the same.
    #expect(offset(of: "a[b", in: "a{b", ignoresCase: true) == nil)
  }

  @Test("characters beyond ASCII whose lower case is k or s are places to look at")
  func unicode() {
    #expect(offset(of: "refused", in: "refu\u{17F}ed", ignoresCase: true) == 0)
    #expect(offset(of: "bank", in: "ban\u{212A}", ignoresCase: true) == 0)
    #expect(offset(of: "refused", in: "refuted", ignoresCase: true) == nil)
  }

  @Test("what cannot be looked for is refused", arguments: ["", "s", "ks", "é", "a", "ask"])
  func refusals(literal: String) {
    #expect(LiteralSearch(Array(literal.utf8), ignoresCase: true) == nil)
  }
}
