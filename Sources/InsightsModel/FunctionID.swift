/// The operation of a call in a plan, independent of its spelling.
///
/// The language has names, databases have spellings, and scans have kernels for these ids. The raw
/// value is what `explain` prints. Every function is deterministic: equal arguments, or equal rows
/// for an aggregate, return equal results.
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

  /// Equality of two numbers, or of two texts.
  case equal
  /// Order of two numbers.
  case less, lessOrEqual, greater, greaterOrEqual
  /// Equality of values of unknown type: as numbers if both denote one, otherwise as texts.
  case equalValues
  /// Order of values of unknown type, by the language's natural order.
  case sortsBefore, sortsBeforeOrEqual, sortsAfter, sortsAfterOrEqual

  // MARK: Choices

  /// `condition, value, condition, value, …, [otherwise]`.
  case choice = "case"
  case coalesce

  // MARK: Values

  /// The number that a value is or denotes.
  case number
  /// The same, but an integer that is not exactly representable as a number is kept as it is.
  case exactNumber
  /// A number without its meaning as a time or boolean.
  case plainNumber
  /// The number that a value denotes, otherwise its text: equal values have the same.
  case comparedValue
  /// The value, unless it is a map or a list.
  case singleValue
  /// The value as text.
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
  /// The capture of a regex group.
  case capture
  /// The capture of a glob's star.
  case glob
  /// The list of all matches of a regex; each is the list of its captures.
  case captures
  case logfmt, csv, xml
  /// Whether a member of a JSON object in a text passes a test: `text, [[step, …], test, value]`.
  ///
  /// A step is a key, a position, or null for all; of several members at least one must pass. Tests
  /// are `= != < <= > >=`, `=~ !~` with a regex, `null true false`, and `missing`. Objects and
  /// lists pass none.
  case jsonSelects
  /// A space-separated field of a text: `text, count, gap, index`.
  ///
  /// It belongs to a filter pattern of `count` names with `...` before the one with index `gap`, or
  /// without it if `gap` is -1.
  case spacedField

  // MARK: Time

  /// The edges of a period: `time, count, unit`.
  case dateFloor = "datefloor"
  case dateCeil = "dateceil"
  case addMonths, fromMillis, parseDate, formatDate

  // MARK: Maps and lists

  case jsonParse, jsonStringify, jsonArraySize, jsonArrayContains, split
  /// The part of a map or a list at a path of keys.
  case element
  /// The same, if it is a text.
  case textElement
  /// The elements of a list, as JSON that can be unnested.
  case elements
  /// A member of a JSON object that an aggregate made.
  case textMember, numberMember

  // MARK: Addresses

  case isValidIp, isValidIpV4, isValidIpV6, isIpInSubnet, isIpv4InSubnet, isIpv6InSubnet
  case isPrivateIP, isReservedIP, isPublicIP, ipv4ToNumber
  /// The row of a lookup table whose range contains an address.
  case cidrRow

  // MARK: Aggregates

  case rowCount
  /// The number of values; missing if there is none.
  case valueCount
  case distinctCount, sum, mean
  /// The extremes of numbers.
  case minimum, maximum
  /// The extremes of values in the language's natural order.
  case naturalMinimum, naturalMaximum
  case percentile, standardDeviation, variance, earliest, latest, values, topk, histogram, rate
  case patterns, relevance

  // MARK: Windows

  case rowNumber, lag, windowCount, windowMaximum, windowSum

  /// The infix operator for a call of two arguments; `nil` for other functions.
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
