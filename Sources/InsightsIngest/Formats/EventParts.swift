internal import InsightsText

/// What the members of a JSON record tell of a log event, or of the events in it.
struct EventParts {
  private(set) var time: JSONRecord?
  private(set) var message: JSONRecord?
  private(set) var ingestionTime: JSONRecord?
  private(set) var eventID: JSONRecord?
  var account: UnsafeBufferPointer<UInt8>?
  var group: UnsafeBufferPointer<UInt8>?
  var stream: UnsafeBufferPointer<UInt8>?

  // What holds events, or other parts of one.
  private(set) var events: JSONRecord?
  private(set) var session: JSONRecord?
  private(set) var source: JSONRecord?
  private(set) var labels: JSONRecord?
  private(set) var values: JSONRecord?
  private(set) var tail: JSONRecord?
  private(set) var field: JSONRecord?
  private(set) var value: JSONRecord?
  private var data: JSONRecord?
  private var type: JSONRecord?
  private var record: JSONRecord?

  /// Whether there are members that only records about log events have.
  private(set) var isMarked = false
  private(set) var isControlMessage = false
  /// Whether it is the line before a document in a bulk request to OpenSearch.
  private(set) var isBulkAction = false
  /// System fields that only the carrier tells, by name.
  private var attributes: [LogEventBatch.Attribute] = []
  private var timeRank = UInt8.max
  private var messageRank = UInt8.max
  private var messagePart = EventPart.message
  private var isQueryMessage = false
  /// A level by a name that no row of a query has.
  private var hasOwnLevel = false
  private var hasLevel = false
  private var hasUnknown = false
  private var hasQueryFields = false
  private var isEmptyReply = false

  /// Whether there may be events further down, or other parts of one.
  private(set) var holdsOthers = false
  /// Where the object ends; `nil` where it is cut or no JSON.
  private(set) var end: Int?

  init() {}

  init(of record: JSONRecord, names: inout EventNameReader) {
    var members = record.members
    var position = 0
    while let member = members.next() {
      let name = UnsafeBufferPointer(rebasing: record.text[member.key])
      take(
        JSONRecord(text: record.text, value: member.value),
        as: names.meaning(of: name, at: position), called: name)
      position += 1
    }
    end = members.end
  }

  /// Takes in a member.
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
    guard let meaning else {
      hasUnknown = true
      return
    }
    holdsOthers = holdsOthers || meaning.part.rawValue >= EventPart.neutral.rawValue
    isMarked = isMarked || (meaning.isMark && !value.isKind(.null))
    switch meaning.part {
    case .time:
      if meaning.rank < timeRank {
        time = value
        timeRank = meaning.rank
      }
    case .message:
      take(message: value, meaning)
      isQueryMessage = isQueryMessage || meaning.isMark
    case .rawMessage, .line:
      if value.isKind(.string) { take(message: value, meaning) } else { hasUnknown = true }
    case .group: if let text = value.name { take(log: text) }
    case .log: if let text = value.name { take(log: text) }
    case .stream: stream = value.name ?? stream
    case .eventID: if value.isKind(.string), eventID == nil || meaning.isMark { eventID = value }
    case .ingestionTime: ingestionTime = value
    case .account: account = account ?? value.name ?? value.number
    case .region: if let text = value.name { attributes.append(("@aws.region", text)) }
    case .level:
      hasLevel = true
      hasOwnLevel = hasOwnLevel || name.first == UInt8(ascii: "@")
    case .requestID: hasUnknown = true
    case .neutral: isBulkAction = isBulkAction || value["_index"] != nil
    case .events: take(events: value)
    case .labels: take(labels: value)
    case .values: values = value
    case .attributes: take(attributes: value)
    case .source: if value.isKind(.object) { source = value } else { hasUnknown = true }
    case .data: if value.isKind(.string) { data = value } else { hasUnknown = true }
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

  /// Of several messages, `message` counts before raw ones, and those before lines.
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
    events = list
    var elements = list.elements
    if list.isKind(.object) || (list.isKind(.array) && elements.next() == nil) {
      isEmptyReply = true
    } else {
      hasUnknown = true
    }
  }

  private mutating func take(labels: JSONRecord) {
    guard labels.isKind(.object) else { return }
    self.labels = labels
    var members = labels.members
    while let member = members.next() {
      let name = UnsafeBufferPointer(rebasing: labels.text[member.key])
      guard let meaning = EventNames.meaning(of: name) else { continue }
      switch meaning.part {
      case .group, .stream, .account:
        take(JSONRecord(text: labels.text, value: member.value), as: meaning, called: name)
      default: break
      }
    }
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

  /// Takes in the elements of a list that are a time and what was logged then.
  mutating func takePositions(of list: JSONRecord) {
    var elements = list.elements
    var texts: [JSONRecord] = []
    while let element = elements.next() {
      let value = JSONRecord(text: list.text, value: element)
      if time == nil, let milliseconds = value.timestamp,
        LogEventBatch.plausibleTimes.contains(milliseconds)
      {
        time = value
      } else {
        texts.append(value)
      }
    }
    guard time != nil else { return }
    // Beside the message there may be the stream.
    message = texts.first { !LogStreamName.recognizes($0.bytes, in: 0..<$0.bytes.count) }
    if texts.count > 1 {
      stream =
        texts.first { LogStreamName.recognizes($0.bytes, in: 0..<$0.bytes.count) }?.name ?? stream
    } else {
      message = texts.first
    }
  }

  // MARK: What it is

  /// Whether the message is the event's, and the record what a carrier wrote around it.
  var isEvent: Bool {
    guard let message else { return false }
    if isQueryMessage { return !hasOwnLevel }
    if messagePart == .line, labels != nil { return true }
    if isMarked {
      // A logger may write the names of group and stream into each of an application's lines.
      return !hasLevel || eventID != nil || ingestionTime != nil || messagePart == .rawMessage
        || LambdaLine(message.bytes) != nil
    }
    guard time != nil else { return false }
    return messagePart == .rawMessage || !(hasUnknown || hasLevel)
  }

  /// The base64 of a record of a stream, which is gzip or, where little stands beside it, JSON.
  var encodedData: JSONRecord? {
    guard let data, message == nil, !hasLevel else { return nil }
    let isKnown = data.bytes.holds("H4sI", at: 0) || (!hasUnknown && data.bytes.holds("eyJ", at: 0))
    return isKnown ? data : nil
  }

  /// Whether it is an event of the Telemetry or the Logs API.
  var isTelemetry: Bool {
    guard let type = type?.name, record != nil, time != nil else { return false }
    return type.holds("platform.", at: 0) || isLine(type)
  }

  /// The line that an event of the Telemetry or the Logs API has logged.
  var line: JSONRecord? {
    guard let type = type?.name, isLine(type) else { return nil }
    return record
  }

  private func isLine(_ type: UnsafeBufferPointer<UInt8>) -> Bool {
    type.elementsEqual("function".utf8) || type.elementsEqual("extension".utf8)
  }

  /// Whether it is a row of a query that has no message.
  var isRowWithoutMessage: Bool { message == nil && hasQueryFields }

  /// Whether it is a reply with an empty list of events.
  var isReplyWithoutEvents: Bool { isEmptyReply && message == nil && !hasLevel && !hasUnknown }

  /// Whether a list is one of events, and not an application's.
  func holdsEvents(_ list: JSONRecord) -> Bool {
    guard message == nil, !hasLevel else { return false }
    var elements = list.elements
    guard let first = elements.next(), first.kind == .object else { return false }
    return EventRecordReader.holdsEvent(list.text, objectAt: first.range.lowerBound)
  }

  /// The index of the stream that the event is of; 0 where nothing tells it.
  func streamIndex(in batch: inout LogEventBatch) -> Int {
    guard account != nil || group != nil || stream != nil || !attributes.isEmpty else { return 0 }
    return batch.stream(
      account: account, group: group, name: stream, attributes: attributes)
  }
}

extension JSONRecord {
  /// The digits of a number that is a name, as that of an account.
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
