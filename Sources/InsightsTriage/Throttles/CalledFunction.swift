internal import InsightsText

/// Finds the function of a refused call in the caller's log.
enum CalledFunction {
  /// Returns the called function in `text`; `nil` if it names none except `caller` itself.
  ///
  /// It is a parameter `FunctionName`, an ARN or the URL of the call. In lines of source code, such
  /// as in tracebacks, `FunctionName=name` is a variable, so only quoted names count.
  static func named(in text: String, by caller: String?) -> String? {
    if let name = parameter(in: text) { return name }
    for marker in [":function:", "%3Afunction%3A", "/functions/"] {
      var rest = text[...]
      while let range = rest.range(ofText: marker) {
        rest = rest[range.upperBound...]
        if let name = name(at: rest), name != caller { return name }
      }
    }
    return nil
  }

  /// Returns the value of a parameter `FunctionName`, in the spelling of any language.
  private static func parameter(in text: String) -> String? {
    var rest = text[...]
    while let range = rest.range(ofText: "FunctionName") {
      let isInCode = rest[..<range.lowerBound].last == "(" || text.isIndented(at: range.lowerBound)
      rest = rest[range.upperBound...]
      var value = rest.drop { "\"'\\ ".contains($0) }
      guard let sign = value.first, sign == "=" || sign == ":" else { continue }
      value = value.dropFirst().drop { $0 == " " || $0 == ">" }
      let quotes = value.prefix { "\"'\\`".contains($0) }
      if quotes.isEmpty, isInCode { continue }
      value = value.dropFirst(quotes.count)
      if let marker = value.range(ofText: ":function:"),
        !value[..<marker.lowerBound].contains(where: { " ,\"'".contains($0) })
      {
        value = value[marker.upperBound...]
      }
      if let name = name(at: value) { return name }
    }
    return nil
  }

  /// Returns the name at the start of a text, without a version or alias.
  private static func name(at text: Substring) -> String? {
    let name = text.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
    // `/functions/arn:aws:…` and `…%3A…` continue with characters that are not part of a name.
    guard !name.isEmpty, name.utf8.count <= 64, name != "arn" else { return nil }
    return String(name)
  }
}

extension String {
  /// Whether the line that contains an index begins with a space and is not the first.
  fileprivate func isIndented(at index: Index) -> Bool {
    guard let lineBreak = self[..<index].lastIndex(where: \.isNewline) else { return false }
    return self[self.index(after: lineBreak)...].first?.isWhitespace == true
  }
}
