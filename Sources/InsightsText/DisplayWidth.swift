/// The width of text on a terminal, in columns.
///
/// East Asian wide characters and emoji take two columns; combining marks, joiners and control
/// characters none. An emoji sequence (joined by U+200D, with a skin tone, a flag) is as wide as
/// one emoji.
public enum DisplayWidth {
  /// Returns the width of one line of text.
  public static func columns(of text: String) -> Int {
    if let count = plainCount(of: text) { return count }
    var clusters = ClusterWidth()
    var total = 0
    for scalar in text.unicodeScalars { total += clusters.addedColumns(of: scalar) }
    return total
  }

  /// Returns the text itself if it fits, otherwise its longest prefix that fits followed by `…`.
  ///
  /// Never cuts between a character and its combining marks. With 0 columns the result is empty.
  public static func truncate(_ text: String, to columns: Int) -> String {
    guard columns > 0 else { return "" }
    if let count = plainCount(of: text), count <= columns { return text }

    let scalars = text.unicodeScalars
    var clusters = ClusterWidth()
    var total = 0
    // Cut before the first character that leaves no column for the `…`.
    var cut = scalars.startIndex
    for index in scalars.indices {
      let added = clusters.addedColumns(of: scalars[index])
      if clusters.startsHere, total <= columns - 1 { cut = index }
      total += added
      if total > columns { return String(scalars[..<cut]) + "…" }
    }
    return text
  }

  /// Returns the longest prefix that fits, at least one character.
  ///
  /// Never cuts between a character and its combining marks.
  public static func prefix(of text: Substring, columns: Int) -> Substring {
    let scalars = text.unicodeScalars
    var clusters = ClusterWidth()
    var total = 0
    var cut = scalars.startIndex
    for index in scalars.indices {
      let added = clusters.addedColumns(of: scalars[index])
      if clusters.startsHere { cut = index }
      total += added
      if total > columns, cut > scalars.startIndex { return text[..<cut] }
    }
    return text
  }

  /// The length of text that is all printable ASCII, the common case; otherwise `nil`.
  private static func plainCount(of text: String) -> Int? {
    var count = 0
    for byte in text.utf8 {
      guard byte &- 0x20 < 0x5F else { return nil }
      count += 1
    }
    return count
  }
}

/// Adds up the widths of code points that combine into characters.
private struct ClusterWidth {
  /// The width of the current character so far.
  private var width = 0
  private var isEmoji = false
  private var isJoined = false
  /// Whether the last code point was an unpaired regional indicator: two of them make one flag.
  private var isHalfFlag = false
  /// Whether the last code point began a character.
  private(set) var startsHere = false

  /// Returns how many columns the next code point adds.
  mutating func addedColumns(of scalar: Unicode.Scalar) -> Int {
    startsHere = false
    let value = scalar.value
    switch value {
    case 0x200D:
      isJoined = true
      return 0
    case 0xFE0F:
      // U+FE0F, emoji presentation: ❤ is narrow, ❤️ is wide.
      guard isEmoji, width == 1 else { return 0 }
      width = 2
      return 1
    case 0x1F3FB...0x1F3FF where isEmoji && width > 0:
      let added = 2 - width
      width = 2
      return added
    case 0x1F1E6...0x1F1FF where isHalfFlag:
      isHalfFlag = false
      return 0
    default: break
    }

    let columns = CharacterWidth.columns(of: scalar)
    let isNowEmoji = scalar.properties.isEmoji
    if columns == 0 {
      if value < 0x80 { begin(width: 0, isEmoji: false) }
      return 0
    }
    if isJoined, isEmoji, isNowEmoji {
      isJoined = false
      return 0
    }
    begin(width: columns, isEmoji: isNowEmoji)
    isHalfFlag = (0x1F1E6...0x1F1FF).contains(value)
    return columns
  }

  private mutating func begin(width: Int, isEmoji: Bool) {
    self.width = width
    self.isEmoji = isEmoji
    isJoined = false
    isHalfFlag = false
    startsHere = true
  }
}
