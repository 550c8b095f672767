extension String {
  /// Whether it can be inserted into a query unescaped: letters, digits, hyphens, underscores and
  /// the padding of base64 ids.
  var isIdentifier: Bool {
    !isEmpty && utf8.count <= 128
      && utf8.allSatisfy { byte in
        byte &- 48 < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 26
          || [UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "=")].contains(byte)
      }
  }

  /// Escaped for double quotes in a query.
  var escapedForQuery: String {
    var text = ""
    for character in self {
      if character == "\"" || character == "\\" { text.append("\\") }
      text.append(character)
    }
    return text
  }
}
