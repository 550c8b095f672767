public import InsightsModel
internal import InsightsQuery

/// SQLite with the functions that the store registers (`ql_…`).
public struct SQLiteDialect: Dialect {
  public init() {}

  public var name: String { "sqlite" }
  /// SQLite allows 127.
  public var argumentLimit: Int { 100 }
  /// The stack of SQLite's parser has 100 entries, some of which are used around an expression.
  public var nestingLimit: Int { 55 }
  public var columnNestingLimit: Int { 20 }
  /// Every operand of a chain is a level of the expression tree, which may have 1,000.
  public var chainLimit: Int { 50 }

  public var sortKeySpelling: String { "ql_sort_key({0})" }
  public var membershipSpelling: String { "(ql_value({0}) IN ({1}))" }
  // A map or a list inside a statement is a BLOB.
  public var elementSpelling: String {
    "iif({0}.\"type\" IN ('object', 'array'), CAST({0}.\"value\" AS BLOB), {0}.\"value\")"
  }

  public func spelling(of id: FunctionID) -> Spelling {
    switch id {
    // Conditions
    case .and: .infix("AND", .anyhow)
    case .or: .infix("OR", .anyhow)
    case .not: .template("(NOT {0})")
    case .isPresent: .template("({0} IS NOT NULL)")
    case .isNonzero: .template("({0} <> 0)")
    case .isTrue: .template("ql_truth({0})")

    // Comparisons
    case .equal: .infix("=")
    case .less: .infix("<")
    case .lessOrEqual: .infix("<=")
    case .greater: .infix(">")
    case .greaterOrEqual: .infix(">=")
    case .equalValues: .template("ql_equal({0}, {1})")
    case .sortsBefore: .template("(ql_compare({0}, {1}) < 0)")
    case .sortsBeforeOrEqual: .template("(ql_compare({0}, {1}) <= 0)")
    case .sortsAfter: .template("(ql_compare({0}, {1}) > 0)")
    case .sortsAfterOrEqual: .template("(ql_compare({0}, {1}) >= 0)")

    // Choices
    case .choice: .composed { Self.choice(of: $0.count) }
    case .coalesce: .function("coalesce")

    // Values
    case .number: .template("ql_number({0})")
    case .exactNumber: .template("ql_exact_number({0})")
    case .plainNumber: .template("{0}")
    case .comparedValue: .template("ql_value({0})")
    case .singleValue: .template("ql_single_value({0})")
    case .text: .template("CAST({0} AS TEXT)")
    case .isNumeric: .template("ql_is_numeric({0})")
    case .toInt: .template("ql_integer({0}, 32)")
    case .toLong: .template("ql_integer({0}, 64)")
    case .toDouble: .template("ql_real({0})")
    case .hexToDec: .template("ql_hex_to_dec({0})")
    case .decToHex: .template("ql_dec_to_hex({0})")

    // Numbers
    // SQLite converts integers to real numbers if their sum overflows.
    case .plus: .infix("+", .fromLeft)
    case .minus: .infix("-", .fromLeft)
    case .times: .infix("*", .fromLeft)
    case .divided: .template("(CAST({0} AS REAL) / {1})")
    case .remainder: .template("ql_remainder({0}, {1})")
    case .power: .template("pow({0}, {1})")
    // Two minus signs would begin a comment.
    case .negative: .template("(- {0})")
    // SQLite's own function fails for the smallest integer.
    case .abs: .template("ql_abs({0})")
    case .ceil: .template("ql_ceil({0})")
    case .floor: .template("ql_floor({0})")
    case .round: .template("ql_round({*})")
    case .sqrt: .template("sqrt({0})")
    case .log: .template("ln({0})")
    case .greatest: .function("ql_greatest")
    case .least: .function("ql_least")
    case .haversine: .template("ql_haversine({*})")

    // Texts
    case .strlen: .template("ql_strlen({0})")
    case .byteCount: .template("ql_byte_count({0})")
    case .concat: .function("ql_concat")
    case .substr: .template("ql_substr({*})")
    case .replace: .template("ql_replace({*})")
    case .regexReplace: .template("ql_regex_replace({*})")
    case .trim: .template("ql_trim({*})")
    case .ltrim: .template("ql_ltrim({*})")
    case .rtrim: .template("ql_rtrim({*})")
    case .toupper: .template("ql_upper({0})")
    case .tolower: .template("ql_lower({0})")
    case .contains: .template("ql_contains({0}, {1})")
    case .containsIgnoringCase: .template("ql_contains_nocase({0}, {1})")
    case .startsWith: .template("ql_starts_with({0}, {1})")
    case .endsWith: .template("ql_ends_with({0}, {1})")
    case .isEmpty: .template("ql_isempty({0})")
    case .isBlank: .template("ql_isblank({0})")
    case .urlencode: .template("ql_urlencode({0})")
    case .urldecode: .template("ql_urldecode({0})")
    case .base64encode: .template("ql_base64encode({0})")
    case .base64decode: .template("ql_base64decode({0})")
    case .hexToAscii: .template("ql_hex_to_ascii({0})")
    case .md5: .template("ql_md5({0})")
    case .sha256: .template("ql_sha256({0})")

    // Patterns
    case .matches: .template("ql_matches({0}, {1})")
    case .matchesGlob: .infix("GLOB")
    case .capture: .template("ql_capture({0}, {1}, {2})")
    case .glob: .template("ql_glob({0}, {1}, {2})")
    case .captures: .template("ql_captures({0}, {1})")
    case .logfmt: .template("ql_logfmt({0})")
    case .csv: .template("ql_csv({0}, {1})")
    case .xml: .template("ql_xml({0}, {1})")
    case .jsonSelects: .template("ql_json_selects({0}, {1})")
    case .spacedField: .template("ql_spaced_field({0}, {1}, {2}, {3})")

    // Time
    case .dateFloor: .composed { Self.dateFloor($0) }
    case .dateCeil: .template("ql_dateceil({*})")
    case .addMonths: .template("ql_add_months({0}, {1})")
    case .fromMillis: .template("CAST({0} AS INTEGER)")
    case .parseDate: .template("ql_parse_date({*})")
    case .formatDate: .template("ql_format_date({*})")

    // Maps and lists
    case .jsonParse: .template("ql_json_parse({0})")
    case .jsonStringify: .template("ql_json_stringify({0})")
    case .jsonArraySize: .template("ql_array_size({0})")
    case .jsonArrayContains: .template("ql_array_contains({*})")
    case .split: .template("ql_split({*})")
    case .element, .textElement: .function("ql_element")
    case .elements: .template("ql_elements({0})")
    case .textMember, .numberMember: .template("({0} ->> {1})")

    // Addresses
    case .isValidIp: .template("ql_is_ip({0})")
    case .isValidIpV4: .template("ql_is_ipv4({0})")
    case .isValidIpV6: .template("ql_is_ipv6({0})")
    case .isIpInSubnet: .template("ql_in_subnet({*})")
    case .isIpv4InSubnet: .template("ql_in_subnet4({*})")
    case .isIpv6InSubnet: .template("ql_in_subnet6({*})")
    case .isPrivateIP: .template("ql_is_private_ip({0})")
    case .isReservedIP: .template("ql_is_reserved_ip({0})")
    case .isPublicIP: .template("ql_is_public_ip({0})")
    case .ipv4ToNumber: .template("ql_ipv4_number({0})")
    case .cidrRow: .template("ql_cidr_row({*})")

    // Aggregates
    case .rowCount: .template("count(*)")
    case .valueCount: .template("nullif(count({0}), 0)")
    case .distinctCount: .template("nullif(count(DISTINCT {0}), 0)")
    // SQLite's own sum fails on integer overflow; its mean depends on the order of the rows, which
    // a scan does not guarantee.
    case .sum: .template("ql_sum({0})")
    case .mean: .template("ql_avg({0})")
    case .minimum: .template("min({0})")
    case .maximum: .template("max({0})")
    case .naturalMinimum: .template("ql_min({0})")
    case .naturalMaximum: .template("ql_max({0})")
    case .percentile: .template("ql_percentile({0}, {1})")
    case .standardDeviation: .template("ql_stddev({0})")
    case .variance: .template("ql_variance({0})")
    case .earliest: .template("ql_earliest({0}, {1})")
    case .latest: .template("ql_latest({0}, {1})")
    case .values: .template("ql_values({0})")
    case .topk: .template("ql_topk({0}, {1})")
    case .histogram: .template("ql_histogram({0}, {1})")
    case .rate: .template("(ql_rate({0}, {1}) * {2})")
    case .patterns: .template("ql_patterns({*})")
    case .relevance: .composed { relevance(of: $0.count) }

    // Windows
    case .rowNumber: .template("row_number()")
    case .lag: .template("lag({0}, {1})")
    case .windowCount: .template("count({0})")
    case .windowMaximum: .template("max({0})")
    // SQLite's integer sum fails on overflow; its floating-point sum does not.
    case .windowSum: .template("sum(CAST({0} AS REAL))")
    }
  }

  private static func choice(of count: Int) -> String {
    let cases = stride(from: 0, to: count - 1, by: 2).map { " WHEN {\($0)} THEN {\($0 + 1)}" }
    let otherwise = count.isMultiple(of: 2) ? "" : " ELSE {\(count - 1)}"
    return "CASE\(cases.joined())\(otherwise) END"
  }

  /// Event times are integers from 1970 on, so for units of fixed length plain arithmetic avoids a
  /// call for each event.
  private static func dateFloor(_ arguments: [BoundExpression]) -> String {
    guard arguments.count == 3, case .column(let column) = arguments[0],
      column.isTimeOfEvent, let period = arguments[1...].alignedMilliseconds
    else { return "ql_datefloor({*})" }
    return "({0} - {0} % \(period))"
  }

  /// Passes a condition, and a name and a value for each field; aggregates are limited in their
  /// arguments.
  private func relevance(of count: Int) -> String {
    let step = (argumentLimit - 1) / 2 * 2
    let calls = stride(from: 1, to: count, by: step).map { start in
      let places = (start..<min(start + step, count)).map { ", {\($0)}" }.joined()
      return "ql_relevance({0}\(places))"
    }
    return "('[' || \(calls.joined(separator: " || ',' || ")) || ']')"
  }
}
