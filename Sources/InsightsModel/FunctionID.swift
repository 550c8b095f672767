/// What a call in a plan computes: one id for each meaning.
///
/// The language has names for many of them, a database has spellings, and a scan has kernels; all
/// are keyed by this. The raw value is what `explain` prints. Every function is deterministic: equal
/// arguments, or for an aggregate equal rows, give equal results.
public enum FunctionID: String, CaseIterable, Hashable, Sendable {
  // MARK: Conditions

  case and, or, not
  /// Whether there is a value.
  case isPresent
  /// Whether a number is not 0.
  case isNonzero
  /// Whether a value of any type counts as true.
  case isTrue

  // MARK: Comparisons

  /// Of two numbers, or of two texts.
  case equal
  /// Of numbers.
  case less, lessOrEqual, greater, greaterOrEqual
  /// Of values of unknown type: as numbers where both denote one, else as texts.
  case equalValues
  /// Of values of unknown type, in the language's natural order.
  case sortsBefore, sortsBeforeOrEqual, sortsAfter, sortsAfterOrEqual

  // MARK: Choices

  /// `condition, value, condition, value, …, [otherwise]`.
  case choice = "case"
  case coalesce

  // MARK: Values

  /// The number that a value is or denotes.
  case number
  /// The same, but an integer that no number holds exactly stays as it is.
  case exactNumber
  /// A number as one that is no longer a time or a truth.
  case plainNumber
  /// The number that a value denotes, else its text: values that are equal have the same.
  case comparedValue
  /// The value, unless it is a map or a list.
  case singleValue
  /// The value as a text.
  case text
  case isNumeric, toInt, toLong, toDouble, hexToDec, decToHex

  // MARK: Numbers

  case plus, minus, times, divided, remainder, power, negative
  case abs, ceil, floor, round, sqrt, log, greatest, least, haversine

  // MARK: Texts

  case strlen, byteCount, concat, substr, replace, regexReplace, trim, ltrim, rtrim, toupper
  case tolower, contains, containsIgnoringCase, startsWith, endsWith
  case isEmpty = "isempty"
  case isBlank = "isblank"
  case urlencode, urldecode, base64encode, base64decode, hexToAscii, md5, sha256

  // MARK: Patterns

  /// Whether a text matches a regex.
  case matches
  /// Whether a text matches a glob as a whole.
  case matchesGlob
  /// What a group of a regex took.
  case capture
  /// What a star of a glob took.
  case glob
  /// The list of all matches of a regex, each a list of what its groups took.
  case captures
  case logfmt, csv, xml
  /// Whether a member of a text that is a JSON object meets a test: `text, [[step, …], test, value]`.
  ///
  /// A step is a key, a position, or null for all; of several members one has to meet it. Tests are
  /// `= != < <= > >=`, `=~ !~` with a regex, `null true false`, and `missing`. Objects and
  /// lists meet none.
  case jsonSelects
  /// A field of a text divided at its blanks: `text, count, gap, index`, as a filter pattern of
  /// `count` names with `...` before the one with the number `gap`, or -1.
  case spacedField

  // MARK: Time

  /// The edges of a period: `time, count, unit`.
  case dateFloor = "datefloor"
  case dateCeil = "dateceil"
  case addMonths, fromMillis, parseDate, formatDate

  // MARK: Maps and lists

  case jsonParse, jsonStringify, jsonArraySize, jsonArrayContains, split
  /// The part of a map or a list that keys lead to.
  case element
  /// The same, where it is a text.
  case textElement
  /// The elements of a list, as JSON that can become rows.
  case elements
  /// A member of a JSON object that an aggregate made.
  case textMember, numberMember

  // MARK: Addresses

  case isValidIp, isValidIpV4, isValidIpV6, isIpInSubnet, isIpv4InSubnet, isIpv6InSubnet
  case isPrivateIP, isReservedIP, isPublicIP, ipv4ToNumber
  /// The row of a lookup table whose range holds an address.
  case cidrRow

  // MARK: Aggregates

  case rowCount
  /// How many values there are; missing where there is none.
  case valueCount
  case distinctCount, sum, mean
  /// Of numbers.
  case minimum, maximum
  /// In the language's natural order.
  case naturalMinimum, naturalMaximum
  case percentile, standardDeviation, variance, earliest, latest, values, topk, histogram, rate
  case patterns, relevance

  // MARK: Windows

  case rowNumber, lag, windowCount, windowMaximum, windowSum

  /// The operator that a call of two arguments is printed as, between them; `nil` for a function.
  public var symbol: String? {
    switch self {
    case .and: "and"
    case .or: "or"
    case .equal: "="
    case .less: "<"
    case .lessOrEqual: "<="
    case .greater: ">"
    case .greaterOrEqual: ">="
    case .plus: "+"
    case .minus: "-"
    case .times: "*"
    case .divided: "/"
    case .remainder: "%"
    case .power: "^"
    default: nil
    }
  }
}
