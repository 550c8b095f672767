/// Converts names of regex groups that CloudWatch accepts and PCRE2 does not: `(?<@domain>…)`.
///
/// In the compiled regex a code is substituted for a character that is not allowed in names.
enum GroupNames {
  private static let mark = "__u"

  /// Returns the regex with every group name acceptable to PCRE2.
  static func readable(_ regex: String) -> String {
    replacingNames(in: regex) { name in
      name.unicodeScalars.map { isPlain($0) ? String($0) : "\(mark)\($0.value)_" }.joined()
    }
  }

  /// Returns the regex as written.
  static func written(_ regex: String) -> String {
    replacingNames(in: regex, original)
  }

  /// Returns the name as written.
  static func original(_ name: String) -> String {
    var result = ""
    var rest = name[...]
    while let start = rest.range(ofFirst: mark),
      let end = rest[start.upperBound...].firstIndex(of: "_"),
      let scalar = UInt32(rest[start.upperBound..<end]).flatMap({ Unicode.Scalar($0) }),
      !isPlain(scalar)
    {
      result += rest[..<start.lowerBound]
      result.unicodeScalars.append(scalar)
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
  }

  /// Replaces each group name, `(?<name>` and `(?P<name>`, in a regex.
  private static func replacingNames(in regex: String, _ replace: (String) -> String) -> String {
    var result = ""
    var rest = regex[...]
    while let start = rest.range(ofFirst: "(?") {
      result += rest[..<start.upperBound]
      rest = rest[start.upperBound...]
      if rest.first == "P" {
        result += "P"
        rest = rest.dropFirst()
      }
      guard rest.first == "<", let end = rest.firstIndex(of: ">") else { continue }
      let name = rest[rest.index(after: rest.startIndex)..<end]
      // `(?<=` and `(?<!` are lookbehinds.
      guard let first = name.first, first != "=", first != "!" else { continue }
      result += "<" + replace(String(name))
      rest = rest[end...]
    }
    return result + rest
  }
}

extension Substring {
  /// Returns the range of the first occurrence of a text.
  fileprivate func range(ofFirst text: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
      start = index(after: start)
    }
    return nil
  }
}
