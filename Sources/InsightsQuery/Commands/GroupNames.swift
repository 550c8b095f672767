/// Names of regex groups that CloudWatch takes and PCRE2 does not: `(?<@domain>…)`.
///
/// In the regex that is compiled, a character that no name can have stands as its number.
enum GroupNames {
  private static let mark = "__u"

  /// The regex with every name of a group made readable to PCRE2.
  static func readable(_ regex: String) -> String {
    replacingNames(in: regex) { name in
      name.unicodeScalars.map { isPlain($0) ? String($0) : "\(mark)\($0.value)_" }.joined()
    }
  }

  /// The regex as it was written.
  static func written(_ regex: String) -> String {
    replacingNames(in: regex, original)
  }

  /// The name as it was written.
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

  /// The regex with each name of a group, `(?<name>` and `(?P<name>`, replaced.
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
      // `(?<=` and `(?<!` look behind.
      guard let first = name.first, first != "=", first != "!" else { continue }
      result += "<" + replace(String(name))
      rest = rest[end...]
    }
    return result + rest
  }
}

extension Substring {
  /// Where a text first stands.
  fileprivate func range(ofFirst text: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
      start = index(after: start)
    }
    return nil
  }
}
