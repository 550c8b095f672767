internal import InsightsModel

/// The SQL of functions of numbers that round them, and of functions of letters.
extension ClickHouseDialect {
  // MARK: Numbers

  /// Why a value of an event is not rounded there.
  static let anyLength = Refusal("an integer of any length keeps its digits")

  /// `abs`, `floor` or `ceil`, of which only `abs` changes an integer.
  static func magnitudeOrBound(_ name: String) -> Spelling {
    .scalar { e, a throws(Refusal) in
      let value = try e.value(of: a[0])
      let isMagnitude = name == "abs"
      switch value.kind {
      case .real: return RemoteValue("\(name)(\(value.sql))", .real)
      case .integer where isMagnitude, .truth where isMagnitude:
        return RemoteValue("toInt64(abs(\(value.sql)))", .integer)
      case .integer, .truth: return value
      case .numeral, .text, .tagged: throw anyLength
      }
    }
  }

  /// The least magnitude from which on every `Float64` is an integer.
  static let wholeMagnitude = "9007199254740992"

  /// Rounds half away from zero; with digits, the decimal text that is shown.
  static let round: Scalar = { e, a throws(Refusal) in
    var count: Int64 = 0
    if a.count > 1 {
      guard case .literal(.integer(let digits)) = a[1], (0...20).contains(digits) else {
        throw Refusal("only a literal from 0 to 20 digits is rounded to there")
      }
      count = digits
    }
    // What is cut off behind the first digit that is left out does not matter.
    func decimal(_ real: String) -> String {
      "toString(round(toDecimal128OrNull(toString(\(real)), \(count + 1)), \(count)))"
    }
    let value = try e.value(of: a[0])
    switch value.kind {
    case .integer, .truth: return value
    case .real:
      let real = try e.named(value.sql)
      guard count > 0 else {
        return RemoteValue(
          "(trunc(\(real)) + if(abs(\(real) - trunc(\(real))) >= 0.5, sign(\(real)), 0))", .real)
      }
      let large =
        "if(\(RemoteExpressions.isLargeInteger(real)), toString(toInt64(\(real))), \(RemoteExpressions.numeral(ofReal: real)))"
      return RemoteValue(
        "if(abs(\(real)) < \(wholeMagnitude), \(decimal(real)), \(large))", .numeral)
    case .numeral, .text, .tagged: throw anyLength
    }
  }

  /// Returns the integral part of a number, unless it exceeds the bits.
  static func integer(bits: Int) -> Spelling {
    .scalar { e, a throws(Refusal) in
      let numeral = try e.numeral(e.value(of: a[0]))
      let real = try e.nearestReal(numeral)
      let trunc =
        "if(\(RemoteExpressions.fitsInt64(real)), toInt64(trunc(\(real))), NULL)"
      let number: String
      switch numeral.kind {
      case .integer, .truth: number = "toInt64(\(numeral.sql))"
      case .real: number = trunc
      case .numeral, .text, .tagged: number = "ifNull(\(try e.wholeNumber(numeral)), \(trunc))"
      }
      guard bits < 64 else { return RemoteValue(number, .integer) }
      let name = try e.named(number)
      return RemoteValue(
        "if(\(name) BETWEEN -2147483648 AND 2147483647, \(name), NULL)", .integer)
    }
  }

  // MARK: Letters

  /// The letters that have another form, and that form, each separated by commas.
  private struct Letters {
    var letters: String
    var forms: String

    /// The mapping is that of this program, whose Unicode may be another one than the server's.
    init(_ form: (Unicode.Scalar.Properties) -> String) {
      var pairs: [(String, String)] = []
      for code in UInt32(0)...0x10FFFF {
        guard let scalar = Unicode.Scalar(code) else { continue }
        let changed = form(scalar.properties)
        if changed != String(scalar) { pairs.append((String(scalar), changed)) }
      }
      letters = pairs.map(\.0).joined(separator: ",")
      forms = pairs.map(\.1).joined(separator: ",")
    }

    static let upper = Letters(\.uppercaseMapping)
    static let lower = Letters(\.lowercaseMapping)
  }

  static func letters(upper isUpper: Bool) -> Spelling {
    .scalar { e, a throws(Refusal) in
      let text = try e.text(e.value(of: a[0]))
      return RemoteValue(try letters(e, text, upper: isUpper), .text)
    }
  }

  private static func letters(
    _ e: RemoteExpressions, _ sql: String, upper isUpper: Bool
  ) throws(Refusal) -> String {
    let map = isUpper ? Letters.upper : Letters.lower
    let (letters, forms) = (e.parameter(map.letters), e.parameter(map.forms))
    let form = "transform(c, splitByChar(',', \(letters)), splitByChar(',', \(forms)), c)"
    let text = try e.named(sql)
    return
      "multiIf(isNull(\(text)), NULL, length(\(text)) = lengthUTF8(\(text)), \(isUpper ? "upper" : "lower")(\(text)), arrayStringConcat(arrayMap(c -> \(form), extractAll(ifNull(\(text), ''), '(?s).'))))"
  }

  static let containsIgnoringCase: Scalar = { e, a throws(Refusal) in
    guard case .literal(.text(let needle)) = a[1] else {
      throw Refusal("what is looked for depends on the event")
    }
    let text = try letters(e, e.text(e.value(of: a[0])), upper: false)
    return RemoteValue(
      "(position(\(text), \(e.parameter(needle.lowercased()))) > 0)", .truth)
  }
}
