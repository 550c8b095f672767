package import InsightsText

/// The tokens that a `TokenFilter` must contain for a literal to occur: one of each list.
package struct FilterTokens {
  package let alternatives: [[UInt32]]

  package init(of search: LiteralSearch) {
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
      // A multi-byte variant of a character displaces the last bytes.
      return Set(texts.map { Array($0.prefix(4)) }).map { text in
        text.withUnsafeBytes { TokenFilter.token($0, at: 0) }
      }
    }
  }
}
