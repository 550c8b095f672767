internal import InsightsStore
internal import InsightsText

/// Finds the stored source that a file is, or begins with.
enum SourceMatcher {
  /// A source whose bytes are the first of the file.
  struct Match {
    var source: SourceTable.Source
    /// Whether the file has no byte more.
    var isWhole: Bool
  }

  /// Bytes that sources are looked up by.
  private static let headLength = 64

  /// A hash of the first 64 bytes of `text`; 0 where there are fewer.
  static func headHash(of text: UnsafeBufferPointer<UInt8>) -> Int64 {
    guard text.count >= headLength else { return 0 }
    var hash = ContentHash()
    hash.update(UnsafeBufferPointer(rebasing: text[..<headLength]))
    return Int64(bitPattern: hash.value.low)
  }

  /// The longest of the candidates, sorted by length, that the file begins with.
  ///
  /// Reads the file as far as the longest candidate goes, and leaves it there.
  static func longestMatch(
    of candidates: [SourceTable.Source], in file: InputFile
  ) -> Match? {
    var match: Match?
    var hash = SourceHash()
    var hashedCount = 0
    var text = TextWindow()
    var mayHaveMore = true
    for candidate in candidates {
      while text.count < candidate.byteCount - hashedCount, mayHaveMore {
        hash.update(text.bytes)
        hashedCount += text.count
        text.removeAll()
        mayHaveMore = file.read(atLeast: 1, into: &text)
      }
      let missing = candidate.byteCount - hashedCount
      guard missing >= 0, missing <= text.count else { break }
      hash.update(UnsafeBufferPointer(rebasing: text.bytes[..<missing]))
      hashedCount += missing
      text.removeFirst(missing)
      if candidate.contentHash == hash.text { match = Match(source: candidate, isWhole: false) }
    }
    guard let found = match else { return nil }
    while text.isEmpty, mayHaveMore { mayHaveMore = file.read(atLeast: 1, into: &text) }
    match?.isWhole = text.isEmpty && hashedCount == found.source.byteCount && file.damage == nil
    return match
  }
}
