internal import InsightsModel

/// Sort keys with exactly the local engine's orders, so that the first rows are the same.
extension RemoteExpressions {
  /// Returns a term of ORDER BY; missing values are the smallest.
  func order(_ key: ScanRequest.OrderKey) throws(Refusal) -> String {
    let value = try value(of: key.expression)
    let term: String
    switch value.kind {
    case .integer, .real, .truth: term = value.stored?.column ?? value.sql
    case .text where !key.isNatural: term = value.stored?.column ?? value.sql
    case .text, .tagged, .numeral:
      term = try named(key.isNatural ? naturalKey(value) : plainKey(value))
    }
    return "\(term) \(key.isDescending ? "DESC NULLS LAST" : "ASC NULLS FIRST")"
  }

  /// Returns a key that sorts numbers by value, then texts by code points, then integers beyond 64
  /// bits.
  private func plainKey(_ value: RemoteValue) throws(Refusal) -> String {
    guard value.kind == .tagged else {
      return Self.key(try numeral(value).sql) { number, rest in
        "tuple(n IS NOT NULL, \(number), \(rest))"
      }
    }
    let numeral = "if(startsWith(x, 'n'), substring(x, 2), NULL)"
    let key = Self.key(numeral) { number, rest in
      let isWide = "w IS NULL AND abs(d) >= 9223372036854775808. AND position(n, 'e') = 0"
      return
        "tuple(multiIf(x IS NULL, 0, n IS NULL, 2, \(isWide), 3, 1), \(number), \(rest), ifNull(x, ''))"
    }
    return "arrayMap(x -> \(key), [\(try named(value.sql))])[1]"
  }

  /// Returns a key for the order of `NaturalOrder`: texts that are not numbers by their runs of
  /// digits and other characters, then numbers by value, and equal numbers by their texts.
  func naturalKey(_ value: RemoteValue) throws(Refusal) -> String {
    guard value.kind != .numeral else { return try plainKey(value) }
    let bytes =
      "if(n IS NULL, \(Self.runs(of: "x")), concat(\(Self.wideDigits("x", "d")), ifNull(x, '')))"
    let key = Self.key(try numeral(value).sql) { number, rest in
      "tuple(multiIf(x IS NULL, 0, n IS NULL, 1, 2), \(number), \(rest), \(bytes))"
    }
    return "arrayMap(x -> \(key), [\(try named(text(value)))])[1]"
  }

  /// Returns `body` applied to the nearest `Float64` of a numeral and the difference between the
  /// numeral and it if the numeral is an integer of 64 bits; both are 0 if it is no number.
  ///
  /// In `body`, `n` is the numeral and `d` the nearest `Float64`.
  private static func key(_ numeral: String, _ body: (String, String) -> String) -> String {
    // 2^63 is the only nearest value that an `Int64` cannot hold; -2^63 has the same 64 bits.
    let nearest = "if(d >= 9223372036854775808., toInt64('-9223372036854775808'), toInt64(d))"
    let rest = "if(w IS NULL, 0, assumeNotNull(w) - \(nearest))"
    let parts = "[ifNull(toFloat64OrNull(n), 0.) + 0.0], [\(wholeNumber("n"))]"
    return
      "arrayMap(n -> arrayMap((d, w) -> \(body("d", rest)), \(parts))[1], [\(numeral)])[1]"
  }

  /// Returns a key that distinguishes integers beyond 64 bits: the number of their digits, then the
  /// digits; empty for other values.
  private static func wideDigits(_ text: String, _ real: String) -> String {
    let digits = "replaceRegexpOne(ifNull(\(text), ''), '^[-+]?0*', '')"
    let positive = "concat(char(intDiv(length(g), 256), length(g) % 256), g, char(0))"
    let negative =
      "concat(char(255 - intDiv(length(g), 256), 255 - length(g) % 256), translate(g, '0123456789', '9876543210'), char(255))"
    return
      "if(abs(\(real)) >= 9223372036854775808. AND match(ifNull(\(text), ''), '^[-+]?[0-9]+$'), arrayMap(g -> if(\(real) < 0, \(negative), \(positive)), [\(digits)])[1], '')"
  }

  /// Returns a key of a text's runs: for digits `0`, their number and the digits; for other
  /// characters their bytes and a 0.
  ///
  /// Bytes 0 and 1 are escaped.
  private static func runs(of text: String) -> String {
    let count = "length(r)"
    let long =
      "char(255, 0, 0, 0, 0, bitShiftRight(\(count), 24), bitShiftRight(\(count), 16), bitShiftRight(\(count), 8), \(count))"
    let digits = "concat('0', if(\(count) < 255, char(\(count)), \(long)), r)"
    let others =
      "concat(replaceAll(replaceAll(r, char(1), char(1, 2)), char(0), char(1, 1)), char(0))"
    return
      "arrayStringConcat(arrayMap(r -> if(match(r, '^[0-9]'), \(digits), \(others)), extractAll(ifNull(\(text), ''), '[0-9]+|[^0-9]+')))"
  }
}
