internal import InsightsStore
internal import InsightsText

/// Finds the stored sources that a file equals or begins with.
enum SourceMatcher {
  /// The sources whose bytes a file begins with, shortest first.
  struct Matches {
    var sources: [SourceTable.Source] = []
    /// The size of the whole file, if it is not longer than the longest of them.
    var byteCount: Int?
    /// The number of bytes read; a longer candidate was not reached.
    var readByteCount = 0
  }

  /// Returns the lookup key for sources that equal or begin with `text`.
  static func head(of text: UnsafeBufferPointer<UInt8>) -> SourceTable.Head {
    SourceTable.Head(short: hash(ofFirst: 64, of: text), long: hash(ofFirst: 4096, of: text))
  }

  private static func hash(ofFirst count: Int, of text: UnsafeBufferPointer<UInt8>) -> Int64 {
    guard text.count >= count else { return 0 }
    var hash = ContentHash()
    hash.update(UnsafeBufferPointer(rebasing: text[..<count]))
    return Int64(bitPattern: hash.value.low)
  }

  /// Returns those of the candidates, sorted by length, that the file begins with.
  ///
  /// Reads the file up to the end of the longest candidate, and leaves it there.
  static func matches(of candidates: [SourceTable.Source], in file: InputFile) -> Matches {
    var matches = Matches()
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
      if candidate.contentHash == hash.text { matches.sources.append(candidate) }
    }
    matches.readByteCount = hashedCount + text.count
    guard let longest = matches.sources.last else { return matches }
    while text.isEmpty, mayHaveMore { mayHaveMore = file.read(atLeast: 1, into: &text) }
    if text.isEmpty, hashedCount == longest.byteCount, file.damage == nil {
      matches.byteCount = hashedCount
    }
    return matches
  }
}
