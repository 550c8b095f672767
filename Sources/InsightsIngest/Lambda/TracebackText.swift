internal import InsightsText

/// What the readers of tracebacks ask of text; for the few events that errors are made of.
extension StringProtocol {
  /// The lines, empty ones too, without their line ends.
  var textLines: [SubSequence] {
    split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
  }

  /// The offset in UTF-8 of the first occurrence of some words.
  func offset(of words: StaticString) -> Int? {
    // Asked of each frame many times: nothing is copied where the bytes lie in a row.
    if let found = utf8.withContiguousStorageIfAvailable({ $0.firstOffset(of: words) }) {
      return found
    }
    return Array(utf8).withUnsafeBufferPointer { $0.firstOffset(of: words) }
  }

  /// Where some words first appear.
  func range(of words: StaticString) -> Range<Index>? {
    offset(of: words).map { offset in
      let start = utf8.index(startIndex, offsetBy: offset)
      return start..<utf8.index(start, offsetBy: words.utf8CodeUnitCount)
    }
  }

  func trimmingSuffix(_ character: Character) -> SubSequence {
    var text = self[...]
    while text.last == character { text.removeLast() }
    return text
  }
}

extension Substring {
  /// Letters, digits, dots, underscores and dollar signs, a letter first.
  var isIdentifier: Bool {
    guard let first = utf8.first, first == UInt8(ascii: "_") || first.isLetter else { return false }
    return utf8.allSatisfy {
      $0 &- 48 < 10 || $0.isLetter || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_")
        || $0 == UInt8(ascii: "$")
    }
  }

  /// A name that says of itself that it is an error's.
  var isExceptionName: Bool {
    (hasSuffix("Error") || hasSuffix("Exception")) && isIdentifier
  }

  /// A name of at least two words, each with a capital: `AccessDenied`, `NoSuchKey`.
  var isCompoundName: Bool {
    guard isIdentifier, let first = utf8.first, first.isUpperCase else { return false }
    return utf8.count { $0.isUpperCase } > 1 && utf8.contains { $0.isLetter && !$0.isUpperCase }
  }

  /// A name that begins with a capital and goes on in small letters: `Forbidden`.
  var isCapitalizedName: Bool {
    guard isIdentifier, utf8.count > 3, let first = utf8.first, first.isUpperCase else {
      return false
    }
    return utf8.dropFirst().contains { $0.isLetter && !$0.isUpperCase }
  }
}

extension UInt8 {
  /// Whether it is a letter of ASCII.
  var isLetter: Bool { (self | 0x20) &- UInt8(ascii: "a") < 26 }
  var isUpperCase: Bool { self &- UInt8(ascii: "A") < 26 }
}
