internal import InsightsText

/// Replies of AWS's command line that are not supported, and would be meaningless as text.
///
/// They are formatted for reading, or contain no events.
enum CommandLineReply {
  /// Returns what to do instead; `nil` if a text is not such a reply.
  static func advice(on head: UnsafeBufferPointer<UInt8>) -> String? {
    guard let start = head.firstIndex(where: { $0 > 0x20 }) else { return nil }
    if isTable(head, at: start) { return "`--output table` is not read; use `--output json`" }
    if isYAML(head, at: start) { return "`--output yaml` is not read; use `--output json`" }
    if head.holds("<?xml", at: start), head.firstOffset(of: "<results preview=") != nil {
      return "Splunk's results in XML are not read; export JSON or CSV"
    }
    if isDump(head, at: start) {
      return "what a program shows of an SDK's reply is not read; write it as JSON"
    }
    if isQueryID(head, at: start) {
      return "this is the id of a query; `aws logs get-query-results --query-id ID` has its rows"
    }
    if isDescription(head, at: start) {
      return "this describes log groups, streams or queries; "
        + "`aws logs filter-log-events` has the events"
    }
    return nil
  }

  /// Whether a rule is followed by a line with only the name of the operation between two bars.
  private static func isTable(_ text: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
    guard text.holds("----", at: start),
      let ruleEnd = text.firstOffset(of: 0x0A, from: start),
      text[start..<ruleEnd].allSatisfy({ $0 == UInt8(ascii: "-") || $0 == 0x0D }),
      text.holds("|", at: ruleEnd + 1)
    else { return false }
    var index = ruleEnd + 2
    while index < text.count, text[index] == 0x20 { index += 1 }
    let word = index
    while index < text.count, (text[index] | 0x20) &- UInt8(ascii: "a") < 26 { index += 1 }
    guard index - word > 4, text[word] &- UInt8(ascii: "A") < 26 else { return false }
    while index < text.count, text[index] == 0x20 { index += 1 }
    return text.holds("|\n", at: index) || text.holds("|\r", at: index)
  }

  private static let yamlKeys: [StaticString] = [
    "events:", "results:", "logGroups:", "logStreams:", "queries:", "queryId:", "queryLanguage:",
    "nextToken:", "nextForwardToken:", "nextBackwardToken:", "searchedLogStreams:", "statistics:",
    "status:", "encryptionKey:",
  ]
  private static let yamlMembers: [StaticString] = [
    "eventId: ", "ingestionTime: ", "timestamp: ", "message: ", "field: ", "value: ",
    "logStreamName: ", "logGroupName: ", "creationTime: ", "arn: ", "queryId: ",
  ]

  /// Whether the text begins like YAML: a key of a reply or the dash of a list at the margin, and
  /// members of an event below.
  private static func isYAML(_ text: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
    var index = start
    var hasKey = false
    for line in 0..<8 {
      guard index < text.count else { return false }
      var word = index
      while text.holds("- ", at: word) { word += 2 }
      let isList = word > index
      while word < text.count, text[word] == 0x20 { word += 1 }
      let isMember = yamlMembers.contains { text.holds($0, at: word) }
      if isMember, word > index, hasKey || isList { return true }
      if line == 0, isMember || yamlKeys.contains(where: { text.holds($0, at: word) }) {
        // `start-query` prints only `queryId: …`.
        if text.holds("queryId: ", at: word), LambdaLine.uuid(in: text, at: word + 9) != nil {
          return true
        }
        hasKey = !isMember
      }
      guard hasKey || isList, let end = text.firstOffset(of: 0x0A, from: index) else {
        return false
      }
      index = end + 1
    }
    return false
  }

  /// Whether the text is an object as printed by the SDK of a language.
  private static func isDump(_ text: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
    let names: [StaticString] = [
      "FilterLogEventsResponse(", "GetLogEventsResponse(", "GetQueryResultsResponse(",
      "FilteredLogEvent(", "OutputLogEvent(", "&cloudwatchlogs.", "FilterLogEventsOutput {",
      "GetLogEventsOutput {", "GetQueryResultsOutput {", "#<struct Aws::CloudWatchLogs::",
      "Aws\\Result Object", "object(Aws\\Result)", "{:events [{", "{:results [[",
      "{:ok, %{\"events\" => ", "%{\"events\" => ",
    ]
    if names.contains(where: { text.holds($0, at: start) }) { return true }
    if isPHPArray(text, at: start) { return true }
    if isPropertyList(text, at: start) { return true }
    // `[{'timestamp': 1772618400000, 'message': …`, and without quotes around the names.
    guard text[start] == UInt8(ascii: "{") || text[start] == UInt8(ascii: "[") else { return false }
    if isShownLine(text, at: start) { return true }
    var index = start
    var hasList = false
    for _ in 0..<8 {
      while index < text.count, text[index] <= 0x20 || "{[".utf8.contains(text[index]) {
        index += 1
      }
      let isMember = shownMembers.contains { text.holds($0, at: index) }
      // A log may begin with an object that a program has printed.
      if isMember { return hasList || text[start] == UInt8(ascii: "[") && hasTimeAndMessage(text) }
      guard let list = shownLists.first(where: { text.holds($0, at: index) }) else { return false }
      hasList = true
      index += list.utf8CodeUnitCount
    }
    return false
  }

  /// Whether a line begins one of Python's dictionaries `{'logStreamName': …, 'timestamp': …}`, one
  /// event per line, or a pretty-printed reply of them.
  private static func isShownLine(_ text: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
    let heads: [StaticString] = [
      "{'logStreamName': '", "{'timestamp': 1", "{'eventId': '", "{'ingestionTime': 1",
    ]
    let end = text.firstOffset(of: 0x0A, from: start) ?? text.count
    if heads.contains(where: { text.holds($0, at: start) }) {
      let line = UnsafeBufferPointer(rebasing: text[start..<end])
      return hasTimeAndMessage(line) && line.firstOffset(of: "'ingestionTime': 1") != nil
    }
    guard text.holds("{'ResponseMetadata': {", at: start) else { return false }
    return UnsafeBufferPointer(rebasing: text.prefix(8192)).firstOffset(of: "'events': [") != nil
  }

  /// Whether the text is an array as printed by PHP: `Array ( [events] => Array` or `array(2) {
  /// ["events"]=>`.
  private static func isPHPArray(_ text: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
    guard text.holds("Array\n(\n", at: start) || text.holds("array(", at: start) else {
      return false
    }
    let head = UnsafeBufferPointer(rebasing: text[start...].prefix(80))
    return head.firstOffset(of: "[events] => Array") != nil
      || head.firstOffset(of: "[\"events\"]=>") != nil
  }

  /// Whether the text is a list of properties as printed by PowerShell: `EventId       : 3912…`.
  private static func isPropertyList(_ text: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
    let names: [StaticString] = ["EventId ", "IngestionTime ", "LogStreamName ", "Message "]
    guard let name = names.first(where: { text.holds($0, at: start) }) else { return false }
    var index = start + name.utf8CodeUnitCount
    while index < text.count, text[index] == 0x20 { index += 1 }
    guard text.holds(": ", at: index), let end = text.firstOffset(of: 0x0A, from: index) else {
      return false
    }
    return names.contains { text.holds($0, at: end + 1) } && hasTimestampProperty(text)
  }

  private static func hasTimestampProperty(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    UnsafeBufferPointer(rebasing: text.prefix(4096)).firstOffset(of: "\nTimestamp ") != nil
  }

  private static func hasTimeAndMessage(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    let head = UnsafeBufferPointer(rebasing: text.prefix(4096))
    return head.firstOffset(of: "timestamp") != nil && head.firstOffset(of: "message") != nil
  }

  private static let shownLists: [StaticString] = [
    "'events':", "'results':", "events:", "results:", "Events:", "Results:",
  ]
  private static let shownMembers: [StaticString] = [
    "'logStreamName':", "'timestamp':", "'message':", "'ingestionTime':", "'eventId':", "'field':",
    "logStreamName:", "timestamp:", "message:", "ingestionTime:", "eventId:", "field:",
    "LogStreamName:", "Timestamp:", "Message:", "IngestionTime:", "EventId:", "Field:",
  ]

  /// Whether the text is a UUID, or an object with only that.
  private static func isQueryID(_ text: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
    guard text.count < 2048 else { return false }
    if let id = LambdaLine.uuid(in: text, at: start) {
      return text[id.upperBound...].allSatisfy { $0 <= 0x20 }
    }
    guard let (value, end) = JSONScanner.value(in: text, at: start), value.kind == .object,
      text[end...].allSatisfy({ $0 <= 0x20 })
    else { return false }
    let record = JSONRecord(text: text, value: value)
    guard let id = record["queryId"] ?? record["QueryId"], id.isKind(.string) else { return false }
    var members = record.members
    while let member = members.next() {
      guard member.key.count == 7 || isMetadata(member.key, in: text) else { return false }
    }
    return true
  }

  private static let descriptionKeys: [StaticString] = [
    "logGroups", "logStreams", "queries", "queryDefinitions", "metricFilters", "exportTasks",
    "subscriptionFilters", "LogGroups", "LogStreams", "Queries", "QueryDefinitions",
    "MetricFilters", "ExportTasks", "SubscriptionFilters",
  ]
  private static let descriptionRows: [StaticString] = [
    "LOGGROUPS\tarn:", "LOGSTREAMS\tarn:", "QUERIES\t", "QUERYDEFINITIONS\t", "EXPORTTASKS\t",
    "METRICFILTERS\t", "SUBSCRIPTIONFILTERS\t",
  ]

  private static func isDescription(_ text: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
    if descriptionRows.contains(where: { text.holds($0, at: start) }) { return true }
    guard text[start] == UInt8(ascii: "{") else { return false }
    var members = JSONMembers(of: text, objectAt: start)
    var lists = 0
    while let member = members.next() {
      let isList =
        member.value.kind == .array
        && descriptionKeys.contains {
          $0.utf8CodeUnitCount == member.key.count && text.holds($0, at: member.key.lowerBound)
        }
      guard isList || isMetadata(member.key, in: text) else { return false }
      if isList { lists += 1 }
    }
    return lists > 0
  }

  private static func isMetadata(
    _ key: Range<Int>, in text: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    let names: [StaticString] = [
      "nextToken", "NextToken", "ResponseMetadata", "ResultMetadata", "$metadata",
    ]
    return names.contains {
      $0.utf8CodeUnitCount == key.count && text.holds($0, at: key.lowerBound)
    }
  }
}
