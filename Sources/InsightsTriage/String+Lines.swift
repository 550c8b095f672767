extension String {
  /// The text up to its first line break.
  var firstLine: String { String(prefix { !$0.isNewline }) }

  /// Returns at most `count` characters, with a mark for omitted text.
  func shortened(to count: Int) -> String {
    guard self.count > count else { return self }
    return String(prefix(max(0, count - 1))) + "…"
  }

  /// The log group in `@log`, which is `account:group`.
  var logGroupOfLog: String {
    guard let colon = firstIndex(of: ":") else { return self }
    return String(self[index(after: colon)...])
  }
}

extension StringProtocol {
  /// The text without white space at its end.
  var withoutTrailingSpace: String {
    var rest = self[...]
    while let last = rest.last, last.isWhitespace { rest = rest.dropLast() }
    return String(rest)
  }
}
