internal import InsightsText

/// The contents of a JSON record for a log event, or for the events in it.
struct EventParts {
  private(set) var time: JSONRecord?
  /// The time beside the record in epoch milliseconds, for a record without one.
  var outerTime: Int64?
  private(set) var message: JSONRecord?
  private(set) var ingestionTime: JSONRecord?
  private(set) var eventID: JSONRecord?
  var account: UnsafeBufferPointer<UInt8>?
  var group: UnsafeBufferPointer<UInt8>?
  var stream: UnsafeBufferPointer<UInt8>?

  // Containers of events, or of further parts of one.
  private(set) var events: JSONRecord?
  private(set) var session: JSONRecord?
  private(set) var source: JSONRecord?
  private(set) var labels: JSONRecord?
  private(set) var values: JSONRecord?
  private(set) var tail: JSONRecord?
  private(set) var field: JSONRecord?
  private(set) var value: JSONRecord?
  /// The content that a transport says it carries.
  private(set) var payload: JSONRecord?
  /// An application's record as text; `metadata` and `labels` describe it by keys and values.
  private(set) var userData: JSONRecord?
  /// The names and the cells of a table; the names may also be in `labels`.
  private var columns: JSONRecord?
  private var rows: JSONRecord?
  private(set) var resourceLogs: JSONRecord?
  private var event: JSONRecord?
  private var collector: JSONRecord?
  private var list: JSONRecord?
  private var data: JSONRecord?
  /// `data` as an object: an event's own record, or the columns of a table.
  private var dataObject: JSONRecord?
  private var memberCount = 0
  private var metadata: JSONRecord?
  private var body: JSONRecord?
  private var type: JSONRecord?
  private var record: JSONRecord?

  /// Whether there are members that only records about log events have.
  private(set) var isMarked = false
  /// Whether there are members that no application writes.
  private(set) var isProven = false
  /// Whether the member `source` has a name that only document databases use.
  private var isSourceOfDocument = false
  /// Whether it is a database document: `_index` or `_id` is beside it.
  private var isDocument = false
  /// Whether the values of `source` are lists, like the fields of a search.
  private(set) var sourceHasLists = false
  /// Whether there are members that Splunk's collector does not accept beside an event.
  private var hasOtherThanSplunk = false
  private var hasSplunkMembers = false
  private var isNotification = false
  /// Whether a list is one of logs by its name.
  private var isListOfLogs = false
  /// Whether there is a member that New Relic writes beside its lists.
  private var hasCommon = false
  private var isControlMessage = false
  /// Whether it is the action line that precedes a document in a bulk request to OpenSearch.
  private var isBulkAction = false
  /// System fields that only the carrier contains, by name.
  private var attributes: [LogEventBatch.Attribute] = []
  private var timeRank = UInt8.max
  private var messageRank = UInt8.max
  private var messagePart = EventPart.message
  private var isQueryMessage = false
  /// A severity under a name that does not occur in rows of query results.
  private var hasOwnLevel = false
  private(set) var hasLevel = false
  private(set) var hasRequestID = false
  /// Whether there are members that belong neither to an event nor to a reply.
  private(set) var tellsMore = false
  private var hasUnknown = false
  private var hasQueryFields = false
  private var isEmptyReply = false

  /// Whether there may be events, or further parts of one, at a deeper level.
  private(set) var holdsOthers = false
  /// The end of the object; `nil` if it is truncated or invalid.
  private(set) var end: Int?

  init() {}

  /// Reads the members of a record; with `hasLists`, a list with a single element is read as that
  /// element.
  init(of record: JSONRecord, names: inout EventNameReader, hasLists: Bool = false) {
    var members = record.members
    var position = 0
    while let member = members.next() {
      let name = UnsafeBufferPointer(rebasing: record.text[member.key])
      let value = JSONRecord(text: record.text, value: member.value)
      take(
        hasLists ? value.onlyElement : value,
        as: names.meaning(of: name, at: position), called: name)
      position += 1
    }
    end = members.end
    memberCount = position
    takeEvent()
    takeBody()
    if events == nil, let list, isOfEvents(list) { events = list }
    holdsOthers =
      holdsOthers || ((isDocument || eventID != nil) && message?.isKind(.object) == true)
    if isDocument, source == nil, message == nil {
      source = labels
      sourceHasLists = true
    }
  }

  /// Processes a member.
  mutating func take(
    _ value: JSONRecord, as meaning: EventNames.Meaning?, called name: UnsafeBufferPointer<UInt8>
  ) {
    if name.first == UInt8(ascii: "@") {
      hasQueryFields = hasQueryFields || name.holds("@ptr", at: 0)
      if let attribute = EventNames.attribute(name) {
        if let text = value.name { attributes.append((attribute, text)) }
        return
      }
    }
    if name.first == UInt8(ascii: "_") {
      isDocument =
        isDocument || name.holds("_id", at: 0) && name.count == 3
        || name.holds("_index", at: 0) && name.count == 6
      // Axiom's and Sumo Logic's own fields.
      isProven =
        isProven || name.holds("_sysTime", at: 0) && name.count == 8
        || name.holds("_blockid", at: 0) && name.count == 8
    }
    guard let meaning else {
      isNotification = isNotification || (name.count == 8 && name.holds("TopicArn", at: 0))
      hasUnknown = true
      hasOtherThanSplunk = true
      tellsMore = true
      return
    }
    holdsOthers = holdsOthers || meaning.part.rawValue >= EventPart.neutral.rawValue
    note(meaning.evidence, of: value)
    hasOtherThanSplunk = hasOtherThanSplunk || !isSplunks(meaning.part, name, value)
    assign(value, meaning, called: name)
  }

  private mutating func assign(
    _ value: JSONRecord, _ meaning: EventNames.Meaning, called name: UnsafeBufferPointer<UInt8>
  ) {
    switch meaning.part {
    case .time:
      if meaning.rank < timeRank {
        time = value
        timeRank = meaning.rank
      }
    case .message:
      take(message: value, meaning)
      isQueryMessage = isQueryMessage || meaning.evidence == .mark
    case .rawMessage, .line:
      if value.isKind(.string) { take(message: value, meaning) } else { hasUnknown = true }
    case .group: if let text = value.name { take(log: text) }
    case .log: if let text = value.name { take(log: text) }
    case .stream: stream = value.name ?? stream
    case .eventID:
      if value.isKind(.string), eventID == nil || meaning.evidence != .none { eventID = value }
    case .ingestionTime: ingestionTime = value
    case .account: account = account ?? value.name ?? value.number
    case .region: if let text = value.name { attributes.append(("@aws.region", text)) }
    case .level:
      hasLevel = true
      hasOwnLevel = hasOwnLevel || name.first == UInt8(ascii: "@")
    case .requestID:
      hasUnknown = true
      hasRequestID = true
    case .neutral:
      isBulkAction = isBulkAction || value["_index"] != nil
      // Filebeat and its relatives.
      if value["beat"] != nil { isProven = true }
      if value.isKind(.array), name.holds("metadata", at: 0) { metadata = value }
    case .events: take(events: value)
    case .labels:
      if value.isKind(.string), value.bytes.holds("{", at: 0) { take(labelText: value.bytes) }
      if value.isKind(.array), columns == nil { columns = value }
      guard value.isKind(.object) else { break }
      labels = value
      take(holder: value, called: name)
      hasUnknown = hasUnknown || name.holds("fields", at: 0)
    case .holder:
      hasUnknown = true
      // `_aws` contains embedded metrics.
      if name.first != UInt8(ascii: "_") { take(holder: value, called: name) }
      if name.holds("attributes", at: 0) { payload = payload ?? value }
      hasCommon = hasCommon || name.holds("common", at: 0)
    case .payload, .body:
      hasUnknown = true
      payload = value
      if meaning.part == .body, value.isKind(.string) { body = value }
    case .userData:
      hasUnknown = true
      if value.isKind(.string), value.bytes.holds("{", at: 0) { userData = value }
    case .event:
      hasUnknown = true
      event = value
    case .host, .reply: hasUnknown = true
    case .collector:
      hasUnknown = true
      collector = value
      // Splunk's name is one word; Vector's is recognized only by its values.
      isProven = isProven || name.count == 10 || EventNames.isCollector(value.bytes)
    case .columns:
      hasUnknown = true
      columnsOrCells(value["fields"] ?? value)
    case .rows:
      if value.isKind(.array) { rows = value }
      take(events: value)
    case .resourceLogs:
      if value.isKind(.array) { resourceLogs = value } else { hasUnknown = true }
    case .values: values = value
    case .attributes: take(attributes: value)
    case .source:
      if value.isKind(.object) {
        source = value
        isSourceOfDocument = name.first == UInt8(ascii: "_")
      } else {
        // `result` is the status of a record that a function has transformed.
        hasUnknown = hasUnknown || !name.holds("result", at: 0)
      }
    case .data:
      if value.isKind(.string) { data = value } else { hasUnknown = true }
      if value.isKind(.array) { list = value }
      if value.isKind(.object) { dataObject = value }
    case .list:
      hasUnknown = true
      list = value
      isListOfLogs = (name.first ?? 0) | 0x20 == UInt8(ascii: "l")
    case .kinesis:
      if let inner = value["data"], inner.isKind(.string) { data = inner }
    case .session: session = value
    case .tail: if value.isKind(.string) { tail = value }
    case .type:
      type = value
      hasUnknown = true
    case .record:
      record = value
      hasUnknown = true
    case .field: field = value
    case .value: self.value = value
    case .messageType:
      isControlMessage = value.bytes.holds("CONTROL_MESSAGE", at: 0)
    }
  }

  /// Processes a message: `message` has priority over raw messages, and these over lines.
  private mutating func take(message value: JSONRecord, _ meaning: EventNames.Meaning) {
    let group: UInt8 =
      switch meaning.part {
      case .message: 0
      case .rawMessage: 16
      default: 32
      }
    let rank = group + meaning.rank
    if message != nil { hasUnknown = true }
    guard rank < messageRank else { return }
    message = value
    messageRank = rank
    messagePart = meaning.part
  }

  private mutating func take(log text: UnsafeBufferPointer<UInt8>) {
    let name = LogGroupName(text)
    group = name.group
    account = name.account ?? account
  }

  private mutating func take(events list: JSONRecord) {
    // A search's hits are below its metadata.
    let list = list["hits"] ?? list
    events = list
    var elements = list.elements
    if list.isKind(.array), elements.next() == nil {
      isEmptyReply = true
    } else {
      hasUnknown = true
    }
  }

  /// Processes labels as Loki's older interface writes them, as text: `{name=\"value\"}`.
  private mutating func take(labelText text: UnsafeBufferPointer<UInt8>) {
    func value(of label: StaticString) -> UnsafeBufferPointer<UInt8>? {
      guard let key = text.firstOffset(of: label) else { return nil }
      let start = key + label.utf8CodeUnitCount
      return text.firstOffset(of: "\\\"", from: start).map {
        UnsafeBufferPointer(rebasing: text[start..<$0])
      }
    }
    if let name = value(of: "log_group=\\\"") { take(log: name) }
    stream = value(of: "log_stream=\\\"") ?? stream
    account = value(of: "cloudwatch_owner=\\\"") ?? account
  }

  private mutating func note(_ evidence: EventNames.Evidence, of value: JSONRecord) {
    guard evidence != .none, !value.isKind(.null) else { return }
    isMarked = true
    isProven = isProven || evidence == .proof
  }

  /// Processes an object with further properties of the event.
  private mutating func take(holder: JSONRecord, called name: UnsafeBufferPointer<UInt8>) {
    take(holder: holder, key: EventNames.key(of: name), depth: 0)
  }

  private mutating func take(holder: JSONRecord, key: UInt64, depth: Int) {
    var members = holder.members
    while let member = members.next() {
      let name = UnsafeBufferPointer(rebasing: holder.text[member.key])
      let value = JSONRecord(text: holder.text, value: member.value).onlyElement
      let (meaning, inner) = EventNames.meaning(of: name, in: key)
      if let meaning, value.name != nil || value.isKind(.number) {
        switch meaning.part {
        case .log, .group, .stream, .account, .region, .ingestionTime:
          note(meaning.evidence, of: value)
          assign(value, meaning, called: name)
        default: break
        }
      } else if value.isKind(.object), depth < 4 {
        if meaning?.part == .holder { note(meaning?.evidence ?? .none, of: value) }
        take(holder: value, key: inner, depth: depth + 1)
      }
    }
  }

  // MARK: Splunk's and Elastic's events

  /// Whether a member is one that Splunk's collector accepts beside an event.
  private mutating func isSplunks(
    _ part: EventPart, _ name: UnsafeBufferPointer<UInt8>, _ value: JSONRecord
  ) -> Bool {
    switch part {
    case .event: return true
    case .time:
      return name.count == 4
        && (value.isKind(.number)
          || value.timestamp != nil
            && value.bytes.allSatisfy { $0 &- 48 < 10 || $0 == UInt8(ascii: ".") })
    case .host, .source, .collector: break
    case .labels: guard name.holds("fields", at: 0) else { return false }
    case .neutral: guard name.holds("index", at: 0) else { return false }
    default: return false
    }
    hasSplunkMembers = true
    return true
  }

  /// Whether a list contains events, although applications also use its name.
  private func isOfEvents(_ list: JSONRecord) -> Bool {
    var elements = list.elements
    guard let first = elements.next(), first.kind == .object else { return false }
    // An application's line has a time, a message or a level of its own.
    if isListOfLogs, time == nil, message == nil, !hasLevel,
      EventRecordReader.holdsMessage(JSONRecord(text: list.text, value: first))
    {
      return true
    }
    let hasPlace = time == nil && (group != nil || stream != nil || labels != nil || hasCommon)
    return hasPlace || EventRecordReader.isWrapper(list.text, objectAt: first.range.lowerBound)
  }

  /// Processes `event`: the message, or an object with properties of it.
  private mutating func takeEvent() {
    guard let event else { return }
    if message == nil, !hasOtherThanSplunk, time != nil || hasSplunkMembers {
      isProven = true
      message = event
    } else if isProven {
      // Elastic's common schema.
      if eventID == nil, let id = event["id"], id.isKind(.string) { eventID = id }
      if message == nil, let original = event["original"], original.isKind(.string) {
        message = original
      }
    }
  }

  /// Uses the body of a record with a time as the message if there is no other.
  private mutating func takeBody() {
    guard message == nil, time != nil, let body, !isNotification else { return }
    message = body
  }

  /// Takes a list as the names of a table's columns, or as the cells of all its columns.
  private mutating func columnsOrCells(_ list: JSONRecord) {
    var elements = list.elements
    guard let first = elements.next() else { return }
    if first.kind == .array { rows = list } else { columns = list }
  }

  private mutating func take(attributes object: JSONRecord) {
    var members = object.members
    while let member = members.next() {
      let name = UnsafeBufferPointer(rebasing: object.text[member.key])
      let value = JSONRecord(text: object.text, value: member.value)
      if let attribute = EventNames.attribute(name), let text = value.name {
        attributes.append((attribute, text))
      }
    }
  }

  /// Processes the elements of a list that are a time and a message.
  mutating func takePositions(of list: JSONRecord) {
    var elements = list.elements
    var texts: [JSONRecord] = []
    while let element = elements.next() {
      let value = JSONRecord(text: list.text, value: element)
      if time == nil, let moment = value.firstTime, let milliseconds = moment.timestamp,
        LogEventBatch.plausibleTimes.contains(milliseconds)
      {
        time = moment
      } else {
        texts.append(value)
      }
    }
    guard time != nil else { return }
    // The stream may be beside the message.
    message = texts.first { !LogStreamName.recognizes($0.bytes, in: 0..<$0.bytes.count) }
    if texts.count > 1 {
      stream =
        texts.first { LogStreamName.recognizes($0.bytes, in: 0..<$0.bytes.count) }?.name ?? stream
    } else {
      message = texts.first
    }
  }

  // MARK: What it is

  /// Whether it is an event that a carrier wrote, with a message.
  var isEvent: Bool {
    guard let message else { return false }
    if isProven { return true }
    if isQueryMessage { return !hasOwnLevel }
    if messagePart == .line, labels != nil { return true }
    if isDocument, time != nil, !hasLevel { return true }
    if isMarked {
      // A logger may include the names of group and stream in each of an application's lines.
      return !hasLevel || eventID != nil || ingestionTime != nil || messagePart == .rawMessage
        || (account != nil && group != nil && stream != nil) || LambdaLine(message.bytes) != nil
    }
    guard time != nil || outerTime != nil else { return false }
    return messagePart == .rawMessage || !(hasUnknown || hasLevel)
  }

  /// The base64 of a stream's record, which is gzip or, if there are few other members, JSON.
  var encodedData: JSONRecord? {
    guard let data, message == nil, !hasLevel else { return nil }
    let isKnown = data.bytes.holds("H4sI", at: 0) || (!hasUnknown && data.bytes.holds("eyJ", at: 0))
    return isKnown ? data : nil
  }

  /// Whether it is an event of the Telemetry or the Logs API.
  var isTelemetry: Bool {
    guard let type = type?.name, record != nil, time != nil else { return false }
    return type.holds("platform.", at: 0) || isOfLines(type)
  }

  /// The line that an event of the Telemetry or the Logs API contains.
  var telemetryLine: JSONRecord? {
    guard let type = type?.name, isOfLines(type) else { return nil }
    return record
  }

  private func isOfLines(_ type: UnsafeBufferPointer<UInt8>) -> Bool {
    type.elementsEqual("function".utf8) || type.elementsEqual("extension".utf8)
  }

  /// Whether it is a row of a query without a message.
  var isRowWithoutMessage: Bool { message == nil && hasQueryFields }

  /// Whether it belongs only to a carrier's protocol.
  var isEmptyOfEvents: Bool { (isControlMessage && events != nil) || (isBulkAction && !hasUnknown) }

  /// The table of log events, if it is one.
  var table: JSONTable? {
    guard let columns, !hasLevel, message == nil,
      let cells =
        rows ?? values.flatMap({ $0.isKind(.array) ? $0 : nil }) ?? dataObject?["values"] ?? list
    else { return nil }
    return JSONTable(columns: columns, cells: cells)
  }

  /// A database document, a search result or a map of fields, if it has an event's own parts.
  ///
  /// An application's record may contain an object of the same name.
  var innerSource: JSONRecord? {
    guard let source, message == nil else { return nil }
    if isSourceOfDocument || isDocument { return source }
    return !hasLevel && EventRecordReader.isRaw(source) ? source : nil
  }

  /// The time that Coralogix writes into a list of keys and values, in epoch milliseconds.
  var listedTime: Int64? {
    guard var elements = metadata?.elements else { return nil }
    while let element = elements.next() {
      guard let metadata else { return nil }
      let entry = JSONRecord(text: metadata.text, value: element)
      if entry["key"]?.bytes.elementsEqual("timestamp".utf8) == true {
        return entry["value"]?.timestamp
      }
    }
    return nil
  }

  /// Whether it is a reply with an empty list of events.
  var isReplyWithoutEvents: Bool { isEmptyReply && message == nil && !hasLevel && !hasUnknown }
  /// Whether an empty list is the only member, as in an empty reply or an application's line.
  var isEmptyListAlone: Bool { isEmptyReply && memberCount == 1 }

  /// An object as the message that has its own time and message, if its writer is identified:
  /// Datadog's forwarder and archives.
  var innerEvent: JSONRecord? {
    if let payload, message == nil, payload.isKind(.object),
      type?.name?.holds("log", at: 0) == true
    {
      return EventRecordReader.holdsMessage(payload) ? payload : nil
    }
    if let dataObject, message == nil {
      // Axiom's and Honeycomb's records.
      if time != nil, isProven || (isMarked && group == nil && stream == nil) { return dataObject }
      return memberCount == 1 && EventRecordReader.holdsMessage(dataObject) ? dataObject : nil
    }
    guard isProven || isDocument || (eventID != nil && !hasUnknown), let message,
      message.isKind(.object)
    else { return nil }
    return EventRecordReader.holdsMessage(message) ? message : nil
  }

  /// Whether it is a document that contains only log events.
  var isDocumentOfLogs: Bool {
    if resourceLogs != nil || encodedData != nil { return true }
    guard let events, group != nil || isMarked else { return false }
    return holdsEvents(events)
  }

  /// The message that a topic has delivered.
  var notification: JSONRecord? {
    isNotification && message?.isKind(.string) == true ? message : nil
  }

  /// An object or a list that a collector received and did not parse.
  var collected: JSONRecord? {
    guard collector.map({ EventNames.isCollector($0.bytes) }) == true, let message,
      message.isKind(.string)
    else { return nil }
    return message
  }

  /// Whether the message is a line of Lambda's own, with a time; a function that forwards logs may log
  /// such lines itself, with a level and a request id.
  var carriesPlatformLine: Bool {
    guard let message, message.isKind(.string), time != nil, !(hasLevel && hasRequestID) else {
      return false
    }
    return OwnLine.isPlatform(message.bytes, at: 0)
  }

  /// Whether the message is a raw line, according to its name.
  var isLine: Bool { message != nil && messagePart == .rawMessage }

  /// Whether a list contains events, rather than an application's data.
  func holdsEvents(_ list: JSONRecord) -> Bool {
    guard message == nil, !hasLevel else { return false }
    var elements = list.elements
    guard let first = elements.next(), first.kind == .object else { return false }
    return EventRecordReader.holdsEvent(list.text, objectAt: first.range.lowerBound)
  }

  /// Returns the index of the event's stream; 0 if unknown.
  func streamIndex(in batch: inout LogEventBatch) -> Int {
    guard account != nil || group != nil || stream != nil || !attributes.isEmpty else { return 0 }
    return batch.stream(
      account: account, group: group, name: stream, attributes: attributes)
  }
}

extension JSONRecord {
  /// The value, or the first of its elements: Fluent Bit writes a list of a time and metadata.
  fileprivate var firstTime: JSONRecord? {
    guard isKind(.array), timestamp == nil else { return self }
    var elements = self.elements
    return elements.next().map { JSONRecord(text: text, value: $0) }
  }

  /// The only element of a list; any other value itself.
  fileprivate var onlyElement: JSONRecord {
    var elements = self.elements
    guard let first = elements.next(), elements.next() == nil else { return self }
    return JSONRecord(text: text, value: first)
  }

  /// The digits of a number used as a name, such as that of an account.
  fileprivate var number: UnsafeBufferPointer<UInt8>? { isKind(.number) ? bytes : nil }

  /// The first member that is a list.
  var firstList: JSONRecord? {
    var members = self.members
    while let member = members.next() {
      if member.value.kind == .array { return JSONRecord(text: text, value: member.value) }
    }
    return nil
  }
}
