internal import InsightsQuery
public import InsightsText

/// A link into AWS's console that represents a query: one to Logs Insights, or one to a log group,
/// its streams or Live Tail with a filter pattern.
///
/// AWS documents none of these forms; they are read as they occur in public runbooks and scripts.
public struct ConsoleLink: Hashable, Sendable {
  /// The query of the link.
  public let query: String
  /// The log groups that it reads, by name or glob; empty for all.
  public let logGroups: [String]
  /// The start of its range; `nil` if the link has none.
  public let start: TimeExpression?
  /// The end of its range, inclusive; `nil` if the link has none.
  public let end: TimeExpression?
  /// The `filter` condition of a link to log events instead of a query; empty for all events.
  public let eventFilter: String?

  /// Whether the whole text is a web address, possibly in the notation of chats and documents.
  public static func isLink(_ text: String) -> Bool {
    let address = EscapedText.address(in: text).lowercased()
    return address.hasPrefix("https://") || address.hasPrefix("http://")
  }

  /// Parses a link, including one that is escaped inside another, such as a sign-in page.
  ///
  /// - Throws: `ConsoleLinkError` if the link contains nothing that can be run.
  public init(_ link: String) throws(ConsoleLinkError) {
    guard let fragment = EscapedText.fragment(of: EscapedText.address(in: link)) else {
      throw .unknownPage
    }
    if fragment.hasPrefix("log-analytics") {
      guard let tab = AnalyticsTab(fragment: fragment) else { throw .noQuery }
      try self.init(tab)
    } else if let name = fragment.firstRange(of: "queryDetail") {
      // The equals sign after the name may be escaped.
      let value = fragment[name.upperBound...]
      // In double quotes, a shell expands '$3' in '$3D' to nothing.
      let signs = ["$253D", "%253D", "$3D", "%3D", "=", "D"]
      let sign = signs.first { value.uppercased().hasPrefix($0) }
      try self.init(queryDetail: value.dropFirst(sign?.count ?? 0))
    } else if fragment.contains("logs-insights") {
      throw .noQuery
    } else if let page = LogEventsLink(fragment: fragment) {
      try self.init(page)
    } else {
      throw .unknownPage
    }
  }

  /// Parses the state of the console's query editor.
  private init(queryDetail text: Substring) throws(ConsoleLinkError) {
    guard let detail = ConsoleValue(parsing: text)?.members else {
      throw .unreadable
    }
    if let language = detail["lang"]?.text, language != "CWLI" {
      throw .language(language)
    }
    query = detail["editorString"]?.formText ?? ""
    guard !query.allSatisfy(\.isWhitespace) else {
      throw detail["queryId"]?.text?.isEmpty == false ? .queryIDOnly : .noQuery
    }
    let isPrefix = detail["queryBy"]?.text == "logGroupPrefix"
    logGroups = (detail["source"]?.texts ?? []).filter { !$0.isEmpty }.map {
      LogGroupReference.name(of: $0) + (isPrefix ? "*" : "")
    }
    let unit = detail["unit"]?.text ?? "seconds"
    let isRelative = detail["timeType"]?.text.map { $0.uppercased() == "RELATIVE" }
    start = try Self.time(detail["start"], unit: unit, isRelative: isRelative)
    end = try Self.time(detail["end"], unit: unit, isRelative: isRelative)
    eventFilter = nil
  }

  /// Uses the query of a Log Analytics tab, which contains its own log groups and range.
  private init(_ tab: AnalyticsTab) throws(ConsoleLinkError) {
    if let language = tab.language, language != "CWLI" { throw .language(language) }
    query = tab.query
    logGroups = []
    start = nil
    end = nil
    eventFilter = nil
  }

  /// Builds a query for the page that shows the log events of a group.
  private init(_ page: LogEventsLink) throws(ConsoleLinkError) {
    var conditions: [String] = []
    if !page.logStreams.isEmpty {
      let names = page.logStreams.map(QueryText.quoted).joined(separator: ", ")
      conditions.append("@logStream in [\(names)]")
    }
    let pattern: FilterPattern
    do throws(FilterPatternError) {
      pattern = try FilterPattern(page.filterPattern)
    } catch {
      throw .filterPattern(
        pattern: page.filterPattern, reason: error.description(in: page.filterPattern))
    }
    if let filter = pattern.queryText {
      // `or` has a lower precedence than the `and` between the conditions.
      conditions.append(conditions.isEmpty ? filter : "(\(filter))")
    }
    let filter = conditions.joined(separator: " and ")
    query =
      "fields @timestamp, @message\n"
      + (filter.isEmpty ? "" : "| filter \(filter)\n") + "| sort @timestamp asc"
    logGroups = page.logGroups.map(LogGroupReference.name)
    start = try Self.time(page.start)
    end = try Self.time(page.end)
    eventFilter = filter
  }

  /// Parses a time of the query editor: an offset before now, ISO 8601, or epoch seconds or
  /// milliseconds.
  private static func time(
    _ value: ConsoleValue?, unit: String, isRelative: Bool?
  ) throws(ConsoleLinkError) -> TimeExpression? {
    guard let text = value?.text, !text.isEmpty else { return nil }
    guard let number = Double(text), isRelative ?? (number <= 0) else { return try time(text) }
    guard number != 0 else { return TimeExpression("now") }
    let unitName = unit.lowercased()
    // Some scripts omit the minus sign of a range before now.
    let count = number.magnitude
    let units = [
      "millisecond": "ms", "second": "s", "minute": "m", "hour": "h", "day": "d", "week": "w",
      "month": "mo", "year": "y",
    ]
    guard let unit = units[unitName] ?? units[String(unitName.dropLast())] else {
      throw .time("\(text) \(unit)")
    }
    if let whole = Int64(exactly: count) { return try time("-\(whole)\(unit)") }
    guard let length = TimeExpression.length("1\(unit)"),
      let milliseconds = Int64(exactly: (count * Double(length)).rounded())
    else { throw .time("\(text) \(unit)") }
    return try time("-\(milliseconds)ms")
  }

  /// Parses a time on the page of log events.
  ///
  /// It is in epoch milliseconds (negative: before now), ISO 8601, or a duration before now such as
  /// `PT5M`.
  private static func time(_ text: String?) throws(ConsoleLinkError) -> TimeExpression? {
    guard let text, !text.isEmpty else { return nil }
    var expression = text
    if let number = Int64(text), number <= 0 {
      expression = number == 0 ? "now" : "-\(number.magnitude)ms"
    } else if text.hasPrefix("PT") {
      expression = "-" + text.dropFirst(2).lowercased()
    } else if text.hasPrefix("P") {
      expression = "-" + text.dropFirst().lowercased()
    }
    guard let time = TimeExpression(expression) else { throw .time(text) }
    return time
  }
}

/// Why a link contains nothing to run.
public enum ConsoleLinkError: Error, Hashable, Sendable {
  /// It leads to the query editor without a query.
  case noQuery
  /// It refers to a query or a run in an AWS account by id, without its text.
  case queryIDOnly
  /// It leads to another page of the console, or elsewhere.
  case unknownPage
  /// The part after `queryDetail` is malformed.
  case unreadable
  /// The query is in a language other than that of Logs Insights.
  case language(String)
  /// The range has an invalid time.
  case time(String)
  /// The filter pattern is invalid, or cannot be expressed in the query language.
  case filterPattern(pattern: String, reason: String)
}

/// Parses references to log groups: names or ARNs.
enum LogGroupReference {
  /// Returns the name, such as `/aws/lambda/x` for
  /// `arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/x:*`.
  static func name(of reference: String) -> String {
    let parts = reference.split(separator: ":", maxSplits: 6, omittingEmptySubsequences: false)
    guard parts.count == 7, parts[0] == "arn", parts[2] == "logs", parts[5] == "log-group" else {
      return reference
    }
    // Names contain no colons; ':*' stands for all streams.
    return String(parts[6].prefix { $0 != ":" })
  }
}

/// Writes text of the query language.
enum QueryText {
  /// Returns a string literal in double quotes.
  static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}
