internal import InsightsText

/// What a `TokenFilter` must hold for a literal to occur: one token of each list.
struct FilterTokens {
  let alternatives: [[UInt32]]

  init(of search: LiteralSearch) {
    let spellings = search.spellings
    guard spellings.count >= 4 else {
      alternatives = []
      return
    }
    alternatives = (0...spellings.count - 4).map { start in
      var texts: [[UInt8]] = [[]]
      for spelling in spellings[start..<start + 4] {
        texts = texts.flatMap { text in spelling.map { text + $0 } }
      }
      // A character of several bytes pushes the last ones out.
      return Set(texts.map { Array($0.prefix(4)) }).map { text in
        text.withUnsafeBytes { TokenFilter.token($0, at: 0) }
      }
    }
  }
}
