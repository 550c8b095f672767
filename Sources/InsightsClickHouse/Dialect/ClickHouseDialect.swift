internal import InsightsModel
internal import InsightsText

/// The ClickHouse SQL of each function, or the reason why it has none.
///
/// The SQL computes exactly what the local engine does. Functions without SQL are computed locally,
/// over the rows that the server returns. This is the only table of them.
enum ClickHouseDialect {
  typealias Scalar =
    @Sendable (RemoteExpressions, [ScanExpression]) throws(Refusal) -> RemoteValue
  /// Returns the SQL of an aggregate over an argument; the argument is `nil` only for a count of
  /// rows.
  typealias Aggregate =
    @Sendable (RemoteExpressions, RemoteValue?, ScanRequest.Aggregate) throws(Refusal) ->
    RemoteValue

  enum Spelling: Sendable {
    case scalar(Scalar)
    case aggregate(Aggregate)
    /// The function has no SQL here; the reason in words.
    case local(String)
  }

  static func spelling(of id: FunctionID) -> Spelling {
    switch id {
    // Conditions
    case .and: logic("AND")
    case .or: logic("OR")
    case .not: truth { e, a throws(Refusal) in "NOT \(try e.truth(a[0]))" }
    case .isPresent: truth { _, a throws(Refusal) in "\(a[0].sql) IS NOT NULL" }
    case .isNonzero: truth { e, a throws(Refusal) in try e.truth(a[0]) }
    case .isTrue: truth { e, a throws(Refusal) in try e.truth(a[0]) }

    // Comparisons
    case .equal: comparison("=")
    case .less: comparison("<")
    case .lessOrEqual: comparison("<=")
    case .greater: comparison(">")
    case .greaterOrEqual: comparison(">=")
    case .equalValues: .scalar(equalValues)
    case .sortsBefore: naturalComparison("<")
    case .sortsBeforeOrEqual: naturalComparison("<=")
    case .sortsAfter: naturalComparison(">")
    case .sortsAfterOrEqual: naturalComparison(">=")

    // Choices
    case .choice: .scalar(choice)
    case .coalesce: .scalar(coalesce)

    // Values
    case .number:
      .scalar { e, a throws(Refusal) in try e.numeral(e.value(of: a[0])) }
    case .plainNumber: .scalar { e, a throws(Refusal) in try e.value(of: a[0]) }
    case .isNumeric:
      truth { e, a throws(Refusal) in
        let numeral = try e.numeral(a[0])
        return "if(\(a[0].sql) IS NULL, NULL, \(numeral.sql) IS NOT NULL)"
      }

    // Numbers
    case .plus: arithmetic("+")
    case .minus: arithmetic("-")
    case .times: arithmetic("*")
    case .divided:
      .scalar { e, a throws(Refusal) in
        let (x, y) = (try reals(e, a[0]), try reals(e, a[1]))
        return RemoteValue("(\(x) / nullIf(\(y), 0))", .real)
      }
    case .negative:
      .scalar { e, a throws(Refusal) in try arithmetic(e, .literal(.integer(0)), "-", a[0]) }
    case .remainder: .scalar(remainder)
    case .abs: magnitudeOrBound("abs")
    case .floor: magnitudeOrBound("floor")
    case .ceil: magnitudeOrBound("ceil")
    case .round: .scalar(round)
    case .toInt: integer(bits: 32)
    case .toLong: integer(bits: 64)
    case .sqrt:
      .scalar { e, a throws(Refusal) in
        let value = try reals(e, a[0])
        return RemoteValue("if(\(value) >= 0, sqrt(\(value)), NULL)", .real)
      }
    case .exactNumber:
      .scalar { e, a throws(Refusal) in
        let value = try e.value(of: a[0])
        switch value.kind {
        case .integer, .real, .truth: return value
        case .numeral, .text, .tagged: throw anyLength
        }
      }

    // Texts
    case .contains: .scalar(contains)
    case .startsWith:
      truth { e, a throws(Refusal) in "startsWith(\(try e.text(a[0])), \(try e.text(a[1])))" }
    case .endsWith:
      truth { e, a throws(Refusal) in "endsWith(\(try e.text(a[0])), \(try e.text(a[1])))" }
    case .strlen: integer { e, a throws(Refusal) in "toInt64(lengthUTF8(\(try e.text(a[0]))))" }
    case .byteCount: integer { e, a throws(Refusal) in "toInt64(length(\(try e.text(a[0]))))" }
    case .concat:
      formed(.text) { e, a throws(Refusal) in
        var texts = ["''"]
        for value in a { texts.append("ifNull(\(try e.text(value)), '')") }
        return "concat(\(texts.joined(separator: ", ")))"
      }
    case .substr: .scalar(substring)
    case .replace: .scalar(replacement)
    case .trim: trimming(start: true, end: true)
    case .ltrim: trimming(start: true, end: false)
    case .rtrim: trimming(start: false, end: true)
    case .isBlank:
      truth { e, a throws(Refusal) in
        "match(ifNull(\(try e.text(a[0])), ''), \(e.parameter("^\(RemotePattern.whiteSpace)*$")))"
      }
    case .md5: formed(.text) { e, a throws(Refusal) in "lower(hex(MD5(\(try e.text(a[0])))))" }
    case .sha256:
      formed(.text) { e, a throws(Refusal) in "lower(hex(SHA256(\(try e.text(a[0])))))" }
    case .toupper: letters(upper: true)
    case .tolower: letters(upper: false)
    case .containsIgnoringCase: .scalar(containsIgnoringCase)
    case .urlencode:
      formed(.text) { e, a throws(Refusal) in "encodeURLComponent(\(try e.text(a[0])))" }
    case .base64encode:
      formed(.text) { e, a throws(Refusal) in "base64Encode(\(try e.text(a[0])))" }
    case .isEmpty: truth { e, a throws(Refusal) in "ifNull(\(try e.text(a[0])), '') = ''" }

    // Patterns
    case .matches:
      .scalar { e, a throws(Refusal) in
        let pattern = try RemotePattern(literal(a[1]))
        let text = try e.text(e.value(of: a[0]))
        return RemoteValue("match(\(text), \(e.parameter(pattern.text)))", .truth)
      }
    case .matchesGlob:
      .scalar { e, a throws(Refusal) in
        let text = try e.text(e.value(of: a[0]))
        return RemoteValue(
          "match(\(text), \(e.parameter(try RemotePattern.glob(literal(a[1])))))", .truth)
      }
    case .capture:
      .scalar { e, a throws(Refusal) in
        guard case .literal(.integer(let number)) = a[2] else { throw Refusal("no number") }
        let pattern = try RemotePattern(literal(a[1]))
        guard pattern.isAlwaysTaken(Int(number)) else {
          throw Refusal("a group of the regex may be left out")
        }
        return try capture(e, a[0], pattern.text, Int(number))
      }
    case .glob:
      .scalar { e, a throws(Refusal) in
        guard case .literal(.integer(let number)) = a[2] else { throw Refusal("no number") }
        let glob = try literal(a[1])
        return try capture(
          e, a[0], RemotePattern.parse(glob), Int(number), alike: RemotePattern.like(glob))
      }

    // Time
    case .dateFloor: .scalar { e, a throws(Refusal) in try period(e, a, isCeiling: false) }
    case .dateCeil: .scalar { e, a throws(Refusal) in try period(e, a, isCeiling: true) }

    // Aggregates
    case .rowCount: .aggregate { _, _, _ in rowCount }
    case .valueCount:
      .aggregate { _, value, _ throws(Refusal) in
        RemoteValue("nullIf(toInt64(count(\(try given(value).sql))), 0)", .integer)
      }
    case .distinctCount:
      .aggregate { e, value, _ throws(Refusal) in
        RemoteValue("nullIf(\(try distinctCount(e, given(value))), 0)", .integer)
      }
    case .sum: .aggregate { e, value, _ throws(Refusal) in try sum(e, given(value), isMean: false) }
    case .mean: .aggregate { e, value, _ throws(Refusal) in try sum(e, given(value), isMean: true) }
    case .minimum, .naturalMinimum:
      .aggregate { e, value, _ throws(Refusal) in try extreme("Min", e, given(value)) }
    case .maximum, .naturalMaximum:
      .aggregate { e, value, _ throws(Refusal) in try extreme("Max", e, given(value)) }
    case .earliest:
      .aggregate { e, value, aggregate throws(Refusal) in
        try timed("Min", e, given(value), aggregate.time)
      }
    case .latest:
      .aggregate { e, value, aggregate throws(Refusal) in
        try timed("Max", e, given(value), aggregate.time)
      }
    case .percentile:
      .aggregate { e, value, aggregate throws(Refusal) in
        let real = try e.nearestReal(e.numeral(given(value)))
        return percentile(aggregate.percentage, ofReals: real)
      }

    case .captures, .logfmt, .csv, .xml, .jsonSelects, .spacedField:
      .local("ClickHouse has nothing that reads it in the same way")
    case .parseDate, .formatDate: .local("ClickHouse writes and reads dates in another way")
    case .jsonParse, .jsonArraySize, .jsonArrayContains, .split, .element, .textElement,
      .elements, .textMember, .numberMember:
      .local("ClickHouse writes maps and lists anew")
    case .isValidIp, .isValidIpV4, .isValidIpV6, .isIpInSubnet, .isIpv4InSubnet, .isIpv6InSubnet,
      .isPrivateIP, .isReservedIP, .isPublicIP, .ipv4ToNumber, .cidrRow:
      .local("ClickHouse takes other texts for addresses")
    case .standardDeviation, .variance, .values, .topk, .histogram, .rate:
      .local("its digits or ties would depend on the order of rows")
    case .patterns, .relevance: .local("only this program has it")
    case .rowNumber, .lag, .windowCount, .windowMaximum, .windowSum:
      .local("windows are computed here")
    // Scans do not request functions without a kernel; most of these could have SQL.
    default: .local("it is computed here")
    }
  }

  /// The scalar functions that have SQL.
  static let scalars = Set(
    FunctionID.allCases.filter {
      if case .scalar = spelling(of: $0) { true } else { false }
    })

  static let aggregates = Set(
    FunctionID.allCases.filter {
      if case .aggregate = spelling(of: $0) { true } else { false }
    })

  // MARK: Forms of spellings

  private typealias Template =
    @Sendable (RemoteExpressions, [RemoteValue]) throws(Refusal) -> String

  private static func truth(_ template: @escaping Template) -> Spelling {
    formed(.truth, template)
  }

  private static func integer(_ template: @escaping Template) -> Spelling {
    formed(.integer, template)
  }

  private static func formed(
    _ kind: RemoteValue.Kind, _ template: @escaping Template
  ) -> Spelling {
    .scalar { e, arguments throws(Refusal) in
      var values: [RemoteValue] = []
      for argument in arguments { values.append(try e.value(of: argument)) }
      return RemoteValue("(\(try template(e, values)))", kind)
    }
  }

  private static func logic(_ infix: String) -> Spelling {
    .scalar { e, arguments throws(Refusal) in
      var conditions: [String] = []
      for argument in arguments { conditions.append(try e.truth(e.value(of: argument))) }
      return RemoteValue("(\(conditions.joined(separator: " \(infix) ")))", .truth)
    }
  }

  private static func given(_ value: RemoteValue?) throws(Refusal) -> RemoteValue {
    guard let value else { throw Refusal("there is nothing to aggregate") }
    return value
  }

  private static func literal(_ expression: ScanExpression) throws(Refusal) -> String {
    guard case .literal(.text(let text)) = expression else {
      throw Refusal("the pattern depends on the event")
    }
    return text
  }

  // MARK: Comparisons

  /// Compares like SQLite: numbers are less than texts.
  private static func comparison(_ infix: String) -> Spelling {
    .scalar { e, a throws(Refusal) in
      let (left, right) = (try e.value(of: a[0]), try e.value(of: a[1]))
      let sql: String
      switch (left.kind, right.kind) {
      case (.text, .text): sql = "\(left.sql) \(infix) \(right.sql)"
      case (.tagged, .text) where infix == "=" && isLiteral(a[1]):
        sql = "\(left.sql) = concat('t', \(right.sql))"
      case (.integer, .integer), (.real, .real), (.truth, .truth), (.integer, .truth),
        (.truth, .integer):
        sql = "\(left.sql) \(infix) \(right.sql)"
      case (.numeral, _) where isLiteral(a[1]) && right.isNumeric,
        (.real, .integer) where isLiteral(a[1]), (.integer, .real) where isLiteral(a[1]):
        sql = "\(try e.nearestReal(left)) \(infix) \(try e.exactLiteral(literalValue(a[1])))"
      case (_, .numeral) where isLiteral(a[0]) && left.isNumeric:
        sql = "\(try e.exactLiteral(literalValue(a[0]))) \(infix) \(try e.nearestReal(right))"
      default: throw Refusal("values of several kinds are compared")
      }
      return RemoteValue("(\(sql))", .truth)
    }
  }

  private static func isLiteral(_ expression: ScanExpression) -> Bool {
    if case .literal = expression { true } else { false }
  }

  private static func literalValue(_ expression: ScanExpression) -> Value {
    if case .literal(let value) = expression { value } else { .null }
  }

  /// Compares as numbers if both values denote one, otherwise as texts.
  private static let equalValues: Scalar = { e, a throws(Refusal) in
    let (left, right) = (try e.value(of: a[0]), try e.value(of: a[1]))
    guard isLiteral(a[1]) else { throw Refusal("two values of an event are compared") }
    switch literalValue(a[1]) {
    case .text(let text) where !text.denotesNumber:
      // A number never equals the text.
      switch left.kind {
      case .text: return RemoteValue("(\(left.sql) = \(right.sql))", .truth)
      case .tagged: return RemoteValue("(\(left.sql) = concat('t', \(right.sql)))", .truth)
      case .integer, .real, .truth: return RemoteValue("if(\(left.sql) IS NULL, NULL, 0)", .truth)
      case .numeral: throw Refusal("a number is compared as it is written")
      }
    case .integer, .real:
      let value = try e.nearestReal(e.numeral(left))
      let literal = try e.exactLiteral(literalValue(a[1]))
      return RemoteValue(
        "if(\(left.sql) IS NULL, NULL, ifNull(\(value) = \(literal), 0))", .truth)
    default: throw Refusal("a text that denotes a number is compared")
    }
  }

  private static func naturalComparison(_ infix: String) -> Spelling {
    .scalar { e, a throws(Refusal) in
      let left = try e.value(of: a[0])
      guard isLiteral(a[1]) else { throw Refusal("two values of an event are compared") }
      switch literalValue(a[1]) {
      case .integer, .real:
        // A number and a non-numeric text have no order.
        let value = try e.nearestReal(e.numeral(left))
        return RemoteValue("(\(value) \(infix) \(try e.exactLiteral(literalValue(a[1]))))", .truth)
      case .text(let text) where !text.denotesNumber:
        // Numeric text is compared as text here, and has no order relative to a number.
        switch left.kind {
        case .text: return RemoteValue("(\(left.sql) \(infix) \(e.parameter(text)))", .truth)
        case .tagged:
          return RemoteValue(
            "if(startsWith(\(left.sql), 't'), \(left.sql) \(infix) concat('t', \(e.parameter(text))), NULL)",
            .truth)
        default: throw Refusal("values of several kinds are compared")
        }
      default: throw Refusal("a text that denotes a number is compared")
      }
    }
  }

  // MARK: Choices

  private static let choice: Scalar = { e, a throws(Refusal) in
    var conditions: [String] = []
    var values: [RemoteValue] = []
    for index in a.indices {
      let isCondition = index.isMultiple(of: 2) && index < a.count - 1
      let value = try e.value(of: a[index])
      if isCondition { conditions.append(try e.truth(value)) } else { values.append(value) }
    }
    if a.count.isMultiple(of: 2) { values.append(try e.value(of: .literal(.null))) }
    let (sql, kind) = try e.unified(values)
    var parts: [String] = []
    for (condition, value) in zip(conditions, sql) { parts += [condition, value] }
    return RemoteValue("multiIf(\((parts + [sql[sql.count - 1]]).joined(separator: ", ")))", kind)
  }

  private static let coalesce: Scalar = { e, a throws(Refusal) in
    var values: [RemoteValue] = []
    for argument in a { values.append(try e.value(of: argument)) }
    let (sql, kind) = try e.unified(values)
    return RemoteValue("coalesce(\(sql.joined(separator: ", ")))", kind)
  }

  // MARK: Numbers

  /// Returns a real number, or an integer that a `Float64` certainly represents exactly.
  private static func reals(
    _ e: RemoteExpressions, _ expression: ScanExpression
  ) throws(Refusal) -> String {
    if isLiteral(expression) { return try e.exactLiteral(literalValue(expression)) }
    let value = try e.value(of: expression)
    switch value.kind {
    case .real, .integer, .truth: return try e.nearestReal(value)
    case .numeral: return try e.nearestReal(value)
    case .text, .tagged: throw Refusal("a text is no number")
    }
  }

  private static func arithmetic(_ infix: String) -> Spelling {
    .scalar { e, a throws(Refusal) in try arithmetic(e, a[0], infix, a[1]) }
  }

  /// Converts integers to real numbers on overflow, which no type of ClickHouse does.
  private static func arithmetic(
    _ e: RemoteExpressions, _ left: ScanExpression, _ infix: String, _ right: ScanExpression
  ) throws(Refusal) -> RemoteValue {
    let values = [try e.value(of: left), try e.value(of: right)]
    guard values.allSatisfy(\.isNumeric) else { throw Refusal("a text is no number") }
    let (x, y) = (try reals(e, left), try reals(e, right))
    let real = "(\(x) \(infix) \(y))"
    if values.contains(where: { $0.kind == .real }) { return RemoteValue(real, .real) }
    let whole = try values.map { value throws(Refusal) in
      value.kind == .numeral ? try e.wholeNumber(value) : try e.named(value.sql)
    }
    let integer = "toInt128(\(whole[0])) \(infix) toInt128(\(whole[1]))"
    let numeral = RemoteExpressions.numeral(ofInteger: "i", orReal: "d")
    return RemoteValue(
      "arrayMap((i, d) -> multiIf(d IS NULL, NULL, i IS NULL, \(RemoteExpressions.numeral(ofReal: "d")), \(numeral)), [\(integer)], [\(real)])[1]",
      .numeral)
  }

  private static let remainder: Scalar = { e, a throws(Refusal) in
    let (left, right) = (try e.value(of: a[0]), try e.value(of: a[1]))
    if left.kind == .integer, case .literal(.integer(let divisor)) = a[1], divisor > 0 {
      return RemoteValue("toInt64(\(left.sql) % toInt64('\(divisor)'))", .integer)
    }
    guard left.kind == .real || right.kind == .real else {
      throw Refusal("an integer of any length keeps its digits")
    }
    return RemoteValue("(\(try reals(e, a[0])) % nullIf(\(try reals(e, a[1])), 0))", .real)
  }

  // MARK: Texts

  private static let contains: Scalar = { e, a throws(Refusal) in
    let text = try e.text(e.value(of: a[0]))
    if case .literal(.text(let needle)) = a[1] {
      // Of all equivalent forms, only this one uses the table's index.
      let pattern = "%\(RemotePattern.literalOfLike(needle[...]))%"
      return RemoteValue("(\(text) LIKE \(e.parameter(pattern)))", .truth)
    }
    return RemoteValue("(position(\(text), \(try e.text(e.value(of: a[1])))) > 0)", .truth)
  }

  /// Returns a literal that is a whole number of at most a billion.
  private static func count(_ expression: ScanExpression) throws(Refusal) -> Int64 {
    guard case .literal(.integer(let integer)) = expression else {
      throw Refusal("a place in the text depends on the event")
    }
    return max(0, min(integer, 1_000_000_000))
  }

  private static let substring: Scalar = { e, a throws(Refusal) in
    var arguments = [try e.text(e.value(of: a[0])), "\(try count(a[1]) + 1)"]
    if a.count == 3 { arguments.append("\(try count(a[2]))") }
    return RemoteValue("substringUTF8(\(arguments.joined(separator: ", ")))", .text)
  }

  private static let replacement: Scalar = { e, a throws(Refusal) in
    let text = try e.text(e.value(of: a[0]))
    let (wanted, other) = (try literal(a[1]), try literal(a[2]))
    guard !wanted.isEmpty else { return RemoteValue(text, .text) }
    return RemoteValue("replaceAll(\(text), \(e.parameter(wanted)), \(e.parameter(other)))", .text)
  }

  private static func trimming(start: Bool, end: Bool) -> Spelling {
    .scalar { e, a throws(Refusal) in
      let text = try e.text(e.value(of: a[0]))
      let characters =
        a.count == 2 ? RemotePattern.any(of: try literal(a[1])) : RemotePattern.whiteSpace
      guard !characters.isEmpty else { return RemoteValue(text, .text) }
      let pattern = [start ? "^\(characters)+" : nil, end ? "\(characters)+$" : nil]
        .compactMap { $0 }.joined(separator: "|")
      return RemoteValue("replaceRegexpAll(\(text), \(e.parameter(pattern)), '')", .text)
    }
  }

  /// Returns a group of a regex; `alike` is a pattern of LIKE for all texts that it matches.
  private static func capture(
    _ e: RemoteExpressions, _ text: ScanExpression, _ pattern: String, _ number: Int,
    alike: String? = nil
  ) throws(Refusal) -> RemoteValue {
    guard number >= 1 else { throw Refusal("the whole match is asked for") }
    let value = try e.named(e.text(e.value(of: text)))
    let name = e.parameter(pattern)
    // No groups are returned where the pattern does not match.
    let groups = try e.named("extractGroups(ifNull(\(value), ''), \(name))")
    var capture = RemoteValue(
      "if(isNotNull(\(value)) AND notEmpty(\(groups)), \(groups)[\(number)], NULL)", .text)
    capture.presence = "match(\(value), \(name))"
    // LIKE is faster than a regex, and the groups are needed anyway.
    if let alike {
      capture.presence = "(\(value) LIKE \(e.parameter(alike)) AND notEmpty(\(groups)))"
    }
    return capture
  }

  // MARK: Time

  private static func period(
    _ e: RemoteExpressions, _ a: [ScanExpression], isCeiling: Bool
  ) throws(Refusal) -> RemoteValue {
    let instant = try e.value(of: a[0])
    guard case .literal(.integer(let count)) = a[1], case .literal(.text(let unit)) = a[2],
      instant.kind == .integer
    else { throw Refusal("the period depends on the event") }
    // A column represents a missing time by one that is out of range.
    let time = try e.named(instant.stored?.column ?? instant.sql)
    let lengths: [String: Int64] = [
      "ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000,
    ]
    guard let length = lengths[unit], (1...1_000_000_000).contains(count) else {
      throw Refusal("months differ in length")
    }
    let step = length * count
    // Weeks begin on Monday, counted from the one before the epoch.
    let shifted = unit == "w" ? "(\(time) + 259200000)" : time
    let floor = "(\(time) - positiveModulo(\(shifted), toInt64(\(step))))"
    let value =
      isCeiling
      ? "if(\(floor) < \(time), \(floor) + toInt64(\(step)), \(floor))" : floor
    func limited(orElse missing: String) -> String {
      "if(abs(\(time)) <= 8640000000000000, \(value), \(missing))"
    }
    guard instant.stored != nil else { return RemoteValue(limited(orElse: "NULL"), .integer) }
    // Less than all others.
    let missing = "-9000000000000000000"
    let column = try e.named(limited(orElse: missing))
    return RemoteValue(
      "nullIf(\(column), \(missing))", .integer,
      stored: RemoteValue.Stored(column: column, missing: missing))
  }

  /// Returns a time in integral milliseconds.
  private static func wholeTime(
    _ e: RemoteExpressions, _ expression: ScanExpression
  ) throws(Refusal) -> String? {
    let value = try e.value(of: expression)
    return value.kind == .integer ? try e.named(value.sql) : nil
  }

  // MARK: Aggregates

  /// The number of rows in a group.
  static let rowCount: RemoteValue = {
    var count = RemoteValue("toInt64(count())", .integer)
    count.parts = RemoteValue.Parts(sql: "count()", use: .integer)
    return count
  }()

  private static func distinctCount(
    _ e: RemoteExpressions, _ value: RemoteValue
  ) throws(Refusal) -> String {
    guard let stored = try e.storedKey(value) else {
      return "toInt64(uniqExact(\(try e.key(value))))"
    }
    let column = stored.column
    return "(toInt64(uniqExact(\(column))) - toInt64(min(\(column)) = \(stored.missing)))"
  }

  private static func extreme(
    _ name: String, _ e: RemoteExpressions, _ value: RemoteValue
  ) throws(Refusal) -> RemoteValue {
    switch value.kind {
    case .integer, .real, .truth:
      return RemoteValue("\(name.lowercased())(\(value.sql))", value.kind)
    case .numeral:
      // Integers with the same nearest real number are distinguished by their digits.
      let tag = try e.named(e.tagged(value))
      let key = try e.named(e.naturalKey(value))
      return RemoteValue("arg\(name)If(\(tag), \(key), \(value.sql) IS NOT NULL)", .tagged)
    case .text:
      let key = try e.named(e.naturalKey(value))
      return RemoteValue("arg\(name)If(\(value.sql), \(key), \(value.sql) IS NOT NULL)", .text)
    case .tagged:
      // If a number and an equal text occur, the first one is the result.
      guard let position = e.position else { throw Refusal("the order of rows decides") }
      let place = name == "Min" ? position : "-\(position)"
      let key = try e.named("tuple(\(e.naturalKey(value)), \(place))")
      return RemoteValue(
        "arg\(name)If(\(value.sql), \(key), \(value.sql) IS NOT NULL)", .tagged)
    }
  }

  /// The value at the first or last time; for equal times, the value of the first or last row.
  private static func timed(
    _ name: String, _ e: RemoteExpressions, _ value: RemoteValue, _ time: ScanExpression?
  ) throws(Refusal) -> RemoteValue {
    guard let position = e.position else { throw Refusal("the order of rows decides") }
    guard let time, let milliseconds = try wholeTime(e, time) else {
      throw Refusal("the time is computed")
    }
    return RemoteValue(
      "arg\(name)If(\(value.sql), tuple(assumeNotNull(\(milliseconds)), \(position)), \(value.sql) IS NOT NULL AND \(milliseconds) IS NOT NULL)",
      value.kind)
  }
}

extension RemoteExpressions {
  /// Returns a group key for a value: keys are equal if and only if the values are.
  func key(_ value: RemoteValue) throws(Refusal) -> String {
    switch value.kind {
    case .real: "(\(value.sql) + 0.0)"
    case .numeral: try groupedNumber(tagged(value))
    case .tagged: groupedNumber(value.sql)
    case .integer, .truth, .text: value.sql
    }
  }

  /// Returns the column of a stored value as a group key, with the value of missing ones; `nil` if
  /// the value is not stored.
  func storedKey(_ value: RemoteValue) throws(Refusal) -> RemoteValue.Stored? {
    guard var stored = value.stored, value.kind == .tagged else { return value.stored }
    stored.column = try named(groupedNumber(stored.column))
    return stored
  }

  /// Returns a tagged value in which an integer of 64 bits has no exponent, however it was written
  /// or computed.
  private func groupedNumber(_ tagged: String) -> String {
    "replaceRegexpOne(\(tagged), '^n([-0-9]+)e0$', 'n\\\\1')"
  }
}

extension String {
  /// Whether the language treats the text as a number.
  var denotesNumber: Bool {
    var text = self
    return text.withUTF8 { NumericText.number($0) != nil }
  }
}
