internal import InsightsText

/// Helpers for parsing tracebacks; used only for the few events that become errors.
extension StringProtocol {
  /// The lines without their line ends, including empty ones.
  var textLines: [SubSequence] {
    split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
  }

  /// Returns the UTF-8 offset of the first occurrence of a text.
  func offset(of words: StaticString) -> Int? {
    // Called many times per frame: nothing is copied if the bytes are contiguous.
    if let found = utf8.withContiguousStorageIfAvailable({ $0.firstOffset(of: words) }) {
      return found
    }
    return Array(utf8).withUnsafeBufferPointer { $0.firstOffset(of: words) }
  }

  /// Returns the range of the first occurrence of a text.
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
  /// Letters, digits, dots, underscores and dollar signs, beginning with a letter.
  var isIdentifier: Bool {
    guard let first = utf8.first, first == UInt8(ascii: "_") || first.isLetter else { return false }
    return utf8.allSatisfy {
      $0 &- 48 < 10 || $0.isLetter || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_")
        || $0 == UInt8(ascii: "$")
    }
  }

  /// Whether the name looks like that of an error.
  var isExceptionName: Bool {
    (hasSuffix("Error") || hasSuffix("Exception")) && isIdentifier
  }

  /// A name of at least two capitalized words: `AccessDenied`, `NoSuchKey`.
  var isCompoundName: Bool {
    guard isIdentifier, let first = utf8.first, first.isUpperCase else { return false }
    return utf8.count { $0.isUpperCase } > 1 && utf8.contains { $0.isLetter && !$0.isUpperCase }
  }

  /// A name with one capital, at the start: `Forbidden`.
  var isCapitalizedName: Bool {
    guard isIdentifier, utf8.count > 3, let first = utf8.first, first.isUpperCase else {
      return false
    }
    return utf8.dropFirst().contains { $0.isLetter && !$0.isUpperCase }
  }
}

extension UInt8 {
  /// Whether the byte is an ASCII letter.
  var isLetter: Bool { (self | 0x20) &- UInt8(ascii: "a") < 26 }
  var isUpperCase: Bool { self &- UInt8(ascii: "A") < 26 }
}
