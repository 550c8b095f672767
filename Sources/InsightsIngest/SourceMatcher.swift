internal import InsightsStore
internal import InsightsText

/// Finds the stored sources that a file is, or begins with.
enum SourceMatcher {
  /// The sources whose bytes are the first of a file, the shortest first.
  struct Matches {
    var sources: [SourceTable.Source] = []
    /// The bytes of the whole file, where it has no more than the longest of them.
    var byteCount: Int?
    /// Bytes of the file that were read: a candidate that is longer was not reached.
    var readByteCount = 0
  }

  /// What the source that is `text`, or begins with it, is looked up by.
  static func head(of text: UnsafeBufferPointer<UInt8>) -> SourceTable.Head {
    SourceTable.Head(short: hash(ofFirst: 64, of: text), long: hash(ofFirst: 4096, of: text))
  }

  private static func hash(ofFirst count: Int, of text: UnsafeBufferPointer<UInt8>) -> Int64 {
    guard text.count >= count else { return 0 }
    var hash = ContentHash()
    hash.update(UnsafeBufferPointer(rebasing: text[..<count]))
    return Int64(bitPattern: hash.value.low)
  }

  /// Those of the candidates, sorted by length, that the file begins with.
  ///
  /// Reads the file as far as the longest candidate goes, and leaves it there.
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
