internal import InsightsText

/// Reads log events from JSON records of any known form.
///
/// A record is recognised by its content, under whatever names (`EventNames`): an event is a
/// message with a time or another part that only carriers write; lists of events share the group
/// and stream of their document; base64 data contains documents again. Any other record is the
/// application's own: the whole object is the message, with the time in it.
struct EventRecordReader {
  /// The stream of events, as far as the enclosing document contains it.
  struct Place {
    var account: UnsafeBufferPointer<UInt8>?
    var group: UnsafeBufferPointer<UInt8>?
    var stream: UnsafeBufferPointer<UInt8>?
    /// The time beside an event without one, in epoch milliseconds.
    var time: Int64?
  }

  private var names = EventNameReader()
  /// The first member of the records that carry events, if one of them contained a platform line.
  private var carrierKey: [UInt8]?
  /// The first member of the documents that contain such records.
  private var documentKey: [UInt8]?

  /// Searches for a record whose message is a platform line.
  ///
  /// Similar records carry events too, whatever other members they have.
  mutating func learn(from window: UnsafeBufferPointer<UInt8>) {
    var index = 0
    // Few lines of applications contain the beginning of a platform line.
    for _ in 0..<8 {
      guard
        let line = window.firstOffset(of: "\"START RequestId: ", from: index)
          ?? window
          .firstOffset(of: "\"REPORT RequestId: ", from: index)
      else { return }
      index = line + 1
      // Objects may precede the text in its record, and other records may precede it on its line.
      let lineStart = window[..<line].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
      for start in [
        window[lineStart..<line].firstIndex(of: UInt8(ascii: "{")),
        window[..<line].lastIndex(of: UInt8(ascii: "{")),
      ] {
        guard let start, let (value, _) = JSONScanner.value(in: window, at: start) else { continue }
        let record = JSONRecord(text: window, value: value)
        if EventParts(of: record, names: &names).carriesPlatformLine {
          carrierKey = record.firstKey.map(Array.init)
          return
        }
        documentKey = record.firstKey.map(Array.init)
      }
    }
  }

  /// Whether a record resembles the document that contained a platform line.
  private func isDocument(_ record: JSONRecord) -> Bool {
    guard carrierKey != nil, let documentKey else { return false }
    return record.firstKey.map { documentKey.elementsEqual($0) } == true
  }

  /// Whether a record is like one that carried a line of Lambda's own.
  private func isOfCarrier(_ record: JSONRecord, _ parts: EventParts) -> Bool {
    guard let carrierKey, parts.message != nil, parts.time != nil || parts.outerTime != nil else {
      return false
    }
    return record.firstKey.map { carrierKey.elementsEqual($0) } == true
  }

  /// Appends the events of a record.
  ///
  /// `isInList`: it is an element of a list of events. `isAlone`: it is the whole text.
  mutating func append(
    _ record: JSONRecord, isInList: Bool, isAlone: Bool, to batch: inout LogEventBatch
  ) {
    append(record, at: Place(), isInList: isInList, depth: 0, isAlone: isAlone, to: &batch)
  }

  private mutating func append(
    _ record: JSONRecord, at place: Place, isInList: Bool, depth: Int, isAlone: Bool = false,
    to batch: inout LogEventBatch
  ) {
    guard record.isKind(.object) else {
      appendList(record, at: place, isInList: isInList, to: &batch)
      return
    }
    append(
      EventParts(of: record, names: &names), of: record, at: place, isInList: isInList,
      depth: depth, isAlone: isAlone, to: &batch)
  }

  /// Appends the events of lines that form one object, with the time that precedes it; returns
  /// false if they form anything else.
  mutating func append(
    lines: [Range<Int>], of window: UnsafeBufferPointer<UInt8>, time: Int64? = nil,
    to batch: inout LogEventBatch
  ) -> Bool {
    guard let first = lines.first, let last = lines.last, !first.isEmpty,
      window[first.lowerBound] == UInt8(ascii: "{")
    else { return false }
    let text = UnsafeBufferPointer(rebasing: window[first.lowerBound..<last.upperBound])
    var record = JSONRecord(
      text: text, value: JSONScanner.Value(kind: .object, range: 0..<text.count))
    let parts = EventParts(of: record, names: &names)
    guard let end = parts.end, text[end...].allSatisfy({ $0 <= 0x20 }) else { return false }
    record = JSONRecord(text: text, value: JSONScanner.Value(kind: .object, range: 0..<end))
    append(parts, of: record, at: Place(time: time), isInList: false, depth: 0, to: &batch)
    return true
  }

  private mutating func append(
    _ parts: EventParts, of record: JSONRecord, at place: Place, isInList: Bool, depth: Int,
    isAlone: Bool = false, to batch: inout LogEventBatch
  ) {
    var parts = parts
    // The enclosing document provides the parts that the event lacks.
    parts.account = parts.account ?? place.account
    parts.group = parts.group ?? place.group
    parts.stream = parts.stream ?? place.stream
    parts.outerTime = place.time
    if parts.holdsOthers, depth < 4,
      depth > 0 || isInList || isDocument(record)
        || !Self.isOwnLine(parts, of: record, isAlone: isAlone),
      appendInner(parts, of: record, depth: depth, to: &batch)
    {
      return
    }
    appendEvent(parts, of: record, isInList: isInList, to: &batch)
  }

  /// Appends the events of the last record of a truncated input; returns false if there are none.
  mutating func salvage(_ record: JSONRecord, to batch: inout LogEventBatch) -> Bool {
    let list: StaticString = "\"logEvents\""
    guard let key = record.bytes.firstOffset(of: list) else { return false }
    var start = record.value.range.lowerBound + key + list.utf8CodeUnitCount
    while start < record.text.count,
      record.text[start] <= 0x20 || record.text[start] == UInt8(ascii: ":")
    {
      start += 1
    }
    let parts = EventParts(of: record, names: &names)
    let place = Place(account: parts.account, group: parts.group, stream: parts.stream)
    var elements = JSONElements(of: record.text, arrayAt: start)
    while let element = elements.next() {
      append(
        JSONRecord(text: record.text, value: element), at: place, isInList: true, depth: 1,
        to: &batch)
    }
    return true
  }

  // MARK: What holds events

  /// Appends the events inside a record; returns false if it contains none but may be one itself.
  private mutating func appendInner(
    _ parts: EventParts, of record: JSONRecord, depth: Int, to batch: inout LogEventBatch
  ) -> Bool {
    if parts.isEmptyOfEvents { return true }
    var place = Place(
      account: parts.account, group: parts.group, stream: parts.stream, time: parts.outerTime)
    if let requests = parts.resourceLogs {
      OpenTelemetryLogs.append(requests, to: &batch)
      return true
    }
    if let table = parts.table {
      append(table, at: place, to: &batch)
      return true
    }
    if let text = parts.userData, let time = parts.listedTime,
      append(text: text, at: Place(time: time), depth: depth, to: &batch)
    {
      return true
    }
    if let inner = parts.innerEvent {
      place.time = parts.time?.timestamp
      append(inner, at: place, isInList: true, depth: depth + 1, to: &batch)
      return true
    }
    if let payload = (parts.payload ?? parts.notification ?? parts.collected).flatMap(Self.payload)
    {
      append(payload, depth: depth, to: &batch)
      return true
    }
    if let events = parts.events, parts.holdsEvents(events) {
      var elements = events.elements
      while let element = elements.next() {
        append(
          JSONRecord(text: record.text, value: element), at: place, isInList: true,
          depth: depth + 1, to: &batch)
      }
      return true
    }
    if let session = parts.session {
      if let inner = session.firstList {
        append(inner, at: place, isInList: true, depth: depth + 1, to: &batch)
      }
      return true
    }
    if let inner = parts.innerSource {
      append(
        EventParts(of: inner, names: &names, hasLists: parts.sourceHasLists), of: inner, at: place,
        isInList: true, depth: depth + 1, to: &batch)
      return true
    }
    if let data = parts.encodedData {
      appendData(data, depth: depth, to: &batch)
      return true
    }
    if let tail = parts.tail {
      appendTail(tail, to: &batch)
      return true
    }
    if let values = parts.values, parts.labels != nil {
      var elements = values.elements
      while let element = elements.next() {
        append(
          JSONRecord(text: record.text, value: element), at: place, isInList: true,
          depth: depth + 1, to: &batch)
      }
      return true
    }
    return parts.isReplyWithoutEvents
  }

  /// Appends the events of base64 documents, which may be compressed.
  private mutating func appendData(
    _ data: JSONRecord, depth: Int, to batch: inout LogEventBatch
  ) {
    let offset = data.value.range.lowerBound
    guard let encoded = Base64.decodeLeniently(data.bytes) else {
      batch.remark(.lossy, at: offset, "data that is no base64 is left out")
      return
    }
    let (text, damage) = InflatedData.text(of: encoded)
    if let damage { batch.remark(.lossy, at: offset, damage.message) }
    appendDocuments(text, at: offset, depth: depth, to: &batch)
  }

  private mutating func appendDocuments(
    _ text: [UInt8], at offset: Int, depth: Int, to batch: inout LogEventBatch
  ) {
    text.withUnsafeBufferPointer { text in
      var walk = JSONRecordWalk()
      var index = 0
      while case .record(let value) = walk.next(in: text, from: &index) {
        append(
          JSONRecord(text: text, value: value), at: Place(), isInList: walk.isInList,
          depth: depth + 1, to: &batch)
      }
      if index < text.count {
        batch.remark(.lossy, at: offset, "data that is no log document is left out")
      }
    }
  }

  // MARK: What transports carry

  /// The content of a queue, a topic, a bus or a failed delivery, if it is a document of logs
  /// rather than an application's.
  private enum Payload {
    case object(EventParts, of: JSONRecord)
    /// In base64 and compressed.
    case data(JSONRecord)
    case text([UInt8])
  }

  private static func payload(of value: JSONRecord) -> Payload? {
    var names = EventNameReader()
    if value.isKind(.object) {
      let parts = EventParts(of: value, names: &names)
      if parts.isDocumentOfLogs { return .object(parts, of: value) }
      // The message that a topic has delivered to a function.
      return parts.notification.flatMap(payload)
    }
    guard value.isKind(.string) else { return nil }
    if value.bytes.holds("H4sI", at: 0) { return .data(value) }
    guard value.bytes.holds("{", at: 0) || value.bytes.holds("[", at: 0),
      documentKeys.contains(where: { value.bytes.firstOffset(of: $0) != nil })
    else { return nil }
    var text: [UInt8] = []
    JSONScanner.appendUnescaped(value.value.range, of: value.text, to: &text)
    let isOfLogs = text.withUnsafeBufferPointer { text in
      var walk = JSONRecordWalk()
      var index = 0
      guard case .record(let value) = walk.next(in: text, from: &index) else { return false }
      let parts = EventParts(of: JSONRecord(text: text, value: value), names: &names)
      return parts.isDocumentOfLogs || parts.notification != nil || parts.isTelemetry
    }
    return isOfLogs ? .text(text) : nil
  }

  /// Words, at least one of which occurs in every document of logs.
  private static let documentKeys: [StaticString] = [
    "logEvents", "awslogs", "resourceLogs", "platform.", "function", "extension",
  ]

  private mutating func append(
    _ payload: Payload, depth: Int, to batch: inout LogEventBatch
  ) {
    switch payload {
    case .object(let parts, let record):
      append(parts, of: record, at: Place(), isInList: false, depth: depth + 1, to: &batch)
    case .data(let data): appendData(data, depth: depth, to: &batch)
    case .text(let text): appendDocuments(text, at: 0, depth: depth, to: &batch)
    }
  }

  /// Whether a record of a transport carries a document of logs.
  static func carriesDocument(_ record: JSONRecord) -> Bool {
    var names = EventNameReader()
    let parts = EventParts(of: record, names: &names)
    return (parts.payload ?? parts.notification).flatMap(payload) != nil
  }

  /// Appends the rows of a table.
  private mutating func append(
    _ table: JSONTable, at place: Place, to batch: inout LogEventBatch
  ) {
    table.forEachRow { record, cells in
      var row = EventParts()
      row.account = place.account
      row.group = place.group
      row.stream = place.stream
      for (name, cell) in zip(table.names, cells) {
        guard let name else { continue }
        row.take(cell, as: EventNames.meaning(of: name), called: name)
      }
      appendEvent(row, of: record, isInList: true, to: &batch)
    }
  }

  /// Appends the event in a text within a record; returns false if the text is not JSON.
  private mutating func append(
    text: JSONRecord, at place: Place, depth: Int, to batch: inout LogEventBatch
  ) -> Bool {
    var unescaped: [UInt8] = []
    JSONScanner.appendUnescaped(text.value.range, of: text.text, to: &unescaped)
    return unescaped.withUnsafeBufferPointer { unescaped in
      guard let (value, _) = JSONScanner.value(in: unescaped, at: 0) else { return false }
      append(
        JSONRecord(text: unescaped, value: value), at: place, isInList: true, depth: depth + 1,
        to: &batch)
      return true
    }
  }

  /// Appends the lines of the end of a log in base64.
  private func appendTail(_ tail: JSONRecord, to batch: inout LogEventBatch) {
    guard let text = Base64.decodeLeniently(tail.bytes) else {
      batch.remark(
        .lossy, at: tail.value.range.lowerBound, "data that is no base64 is left out")
      return
    }
    text.withUnsafeBufferPointer { text in
      var lines = PlainTextFormat()
      _ = lines.read(text, ending: .end, into: &batch)
    }
  }

  /// Appends the content of an array record: a row of `{"field", "value"}`, a time and a message,
  /// or messages alone.
  private mutating func appendList(
    _ record: JSONRecord, at place: Place, isInList: Bool, to batch: inout LogEventBatch
  ) {
    var elements = record.elements
    guard record.isKind(.array), let first = elements.next() else {
      if !record.isKind(.array) { appendText(record, to: &batch) }
      return
    }
    if first.kind == .object {
      let head = JSONRecord(text: record.text, value: first)
      let cell = EventParts(of: head, names: &names)
      if cell.field != nil, isInList || cell.value != nil {
        appendRow(record, to: &batch)
        return
      }
      var rest = record.elements
      while let element = rest.next() {
        append(
          JSONRecord(text: record.text, value: element), at: place, isInList: isInList, depth: 4,
          to: &batch)
      }
      return
    }
    var parts = EventParts()
    parts.account = place.account
    parts.group = place.group
    parts.stream = place.stream
    parts.takePositions(of: record)
    if let message = parts.message, message.isKind(.object) {
      // Fluent Bit's and Fluentd's time and record.
      var inner = EventParts(of: message, names: &names)
      inner.outerTime = parts.time?.timestamp
      if inner.isLine {
        append(
          inner, of: message, at: Place(time: inner.outerTime), isInList: true, depth: 4, to: &batch
        )
        return
      }
    }
    if parts.message != nil {
      appendEvent(parts, of: record, isInList: true, to: &batch)
    } else {
      var rest = record.elements
      while let element = rest.next() {
        appendText(JSONRecord(text: record.text, value: element), to: &batch)
      }
    }
  }

  /// Appends a row of `get-query-results`.
  private mutating func appendRow(_ record: JSONRecord, to batch: inout LogEventBatch) {
    var row = EventParts()
    var elements = record.elements
    while let element = elements.next() {
      let cell = EventParts(of: JSONRecord(text: record.text, value: element), names: &names)
      if let name = cell.field?.name, let value = cell.value {
        row.take(value, as: EventNames.meaning(of: name), called: name)
      }
    }
    guard row.message != nil else {
      batch.remark(
        .lossy, at: record.value.range.lowerBound, EventRecordReader.rowRemark)
      return
    }
    appendEvent(row, of: record, isInList: true, to: &batch)
  }

  /// Appends a text as a line.
  private func appendText(_ value: JSONRecord, to batch: inout LogEventBatch) {
    let message = value.appendText(to: &batch)
    let time = batch.withTexts { LineTime.own(of: $0[message], at: 0) }
    batch.append(LogEventBatch.Event(timestamp: time, message: message))
  }

  /// The remark for rows that are not events.
  static let rowRemark = "rows without @message are no log events"

  // MARK: Events

  private mutating func appendEvent(
    _ parts: EventParts, of record: JSONRecord, isInList: Bool, to batch: inout LogEventBatch
  ) {
    var event = LogEventBatch.Event(message: 0..<0)
    if parts.isTelemetry {
      // Collectors put the time of collection beside the event's own.
      event.timestamp = (record["time"] ?? parts.time)?.timestamp
      event.message = (parts.telemetryLine ?? record).appendText(to: &batch)
      batch.append(event)
      return
    }
    if parts.isRowWithoutMessage {
      batch.remark(
        .lossy, at: record.value.range.lowerBound, EventRecordReader.rowRemark)
      return
    }
    let isCarried =
      parts.message != nil && (isInList || parts.isEvent || isOfCarrier(record, parts))
    let message = isCarried ? parts.message ?? record : record
    // An application may give any value the name of a time.
    event.timestamp =
      parts.time?.timestamp.flatMap { time in
        isCarried || isInList || LogEventBatch.plausibleTimes.contains(time) ? time : nil
      } ?? parts.outerTime
    event.ingestionTime = parts.ingestionTime?.timestamp
    event.message = message.appendText(to: &batch)
    if isCarried, let id = parts.eventID { event.eventID = id.appendText(to: &batch) }
    if isCarried || isInList || parts.isMarked { event.stream = parts.streamIndex(in: &batch) }
    batch.append(event)
  }

  /// Whether an object, which may be truncated, is an event or contains some.
  static func holdsEvent(_ text: UnsafeBufferPointer<UInt8>, objectAt start: Int) -> Bool {
    let value = JSONScanner.Value(kind: .object, range: start..<text.count)
    var names = EventNameReader()
    let parts = EventParts(of: JSONRecord(text: text, value: value), names: &names)
    if parts.innerEvent != nil { return true }
    if parts.message != nil { return parts.time != nil || parts.isMarked }
    return parts.innerSource != nil || parts.encodedData != nil || parts.table != nil
      || parts.field != nil
      || parts.resourceLogs != nil
      || (parts.payload ?? parts.notification).flatMap(payload) != nil
      || (parts.labels != nil && parts.values != nil)
      || parts.events.map(parts.holdsEvents) == true
  }

  /// Whether a record is an event in the form of a carrier; a truncated one is judged by its first
  /// part.
  static func isEvent(_ record: JSONRecord) -> Bool {
    var names = EventNameReader()
    let parts = EventParts(of: record, names: &names)
    return parts.message != nil && parts.isEvent
  }

  /// Whether a record is a carrier's: an event, or a container of events.
  static func isCarriers(_ record: JSONRecord) -> Bool {
    guard record.isKind(.object) else { return false }
    var names = EventNameReader()
    let parts = EventParts(of: record, names: &names)
    if parts.message != nil, parts.isEvent { return true }
    return parts.innerEvent != nil || parts.innerSource != nil || parts.encodedData != nil
      || parts.table != nil || (parts.userData != nil && parts.listedTime != nil)
      || parts.events.map(parts.holdsEvents) == true || carriesDocument(record)
  }

  /// Whether an object with a list that resembles a list of events is an application's own line.
  ///
  /// Such an object has members that replies lack, and the elements of its list do not come from a
  /// carrier. The first record of the list begins at `first`. `isAlone`: the object is the whole
  /// text, as replies are.
  static func isOwnLine(_ record: JSONRecord, listing first: Int, isAlone: Bool) -> Bool {
    var names = EventNameReader()
    return isOwnLine(
      EventParts(of: record, names: &names), of: record, listing: first, isAlone: isAlone)
  }

  private static func isOwnLine(
    _ parts: EventParts, of record: JSONRecord, isAlone: Bool
  ) -> Bool {
    if parts.isEmptyListAlone { return !isAlone }
    guard var elements = parts.events?.elements, let first = elements.next() else { return false }
    return isOwnLine(parts, of: record, listing: first.range.lowerBound, isAlone: isAlone)
  }

  private static func isOwnLine(
    _ parts: EventParts, of record: JSONRecord, listing first: Int, isAlone: Bool
  ) -> Bool {
    if parts.hasLevel || parts.message != nil { return true }
    if parts.isMarked || parts.isProven { return false }
    if parts.hasRequestID { return true }
    let value = JSONScanner.Value(kind: .object, range: first..<record.value.end)
    var names = EventNameReader()
    let element = EventParts(of: JSONRecord(text: record.text, value: value), names: &names)
    if element.message == nil || element.isMarked || element.isProven || element.innerEvent != nil
      || carriesPlatformLine(record.text, objectAt: first)
    {
      return false
    }
    return parts.time != nil
      || (!isAlone && (parts.tellsMore || element.tellsMore || element.hasLevel))
  }

  /// Whether an object, which may be truncated, has parts that only a carrier writes, besides a
  /// message and a time.
  static func isWrapper(_ text: UnsafeBufferPointer<UInt8>, objectAt start: Int) -> Bool {
    let value = JSONScanner.Value(kind: .object, range: start..<text.count)
    var names = EventNameReader()
    let parts = EventParts(of: JSONRecord(text: text, value: value), names: &names)
    if parts.message != nil, parts.isMarked, parts.isEvent { return true }
    return parts.innerEvent != nil || parts.innerSource != nil || parts.encodedData != nil
      || parts.table != nil || (parts.userData != nil && parts.listedTime != nil)
      || (parts.payload ?? parts.notification).flatMap(payload) != nil
  }

  /// Whether an object, which may be truncated, is an event with a platform line, or is followed by
  /// one in the available text.
  static func carriesPlatformLine(
    _ text: UnsafeBufferPointer<UInt8>, objectAt start: Int
  ) -> Bool {
    var names = EventNameReader()
    var index = start
    for _ in 0..<64 {
      while index < text.count, text[index] <= 0x20 || text[index] == UInt8(ascii: ",") {
        index += 1
      }
      guard index < text.count, text[index] == UInt8(ascii: "{") else { return false }
      let value = JSONScanner.Value(kind: .object, range: index..<text.count)
      let parts = EventParts(of: JSONRecord(text: text, value: value), names: &names)
      if parts.carriesPlatformLine { return true }
      guard let end = parts.end else { return false }
      index = end
    }
    return false
  }

  /// Whether an object is an event by its own members: a raw line, or other parts that only carriers write.
  static func isRaw(_ record: JSONRecord) -> Bool {
    var names = EventNameReader()
    let parts = EventParts(of: record, names: &names)
    return parts.message != nil && (parts.isLine || parts.isMarked)
      || parts.events.map(parts.holdsEvents) == true
  }

  /// Whether a list consists of a time and a record, with Fluent Bit's metadata beside the time;
  /// `nil` if the text ends before that is certain.
  static func isTimedRecord(_ text: UnsafeBufferPointer<UInt8>, arrayAt start: Int) -> Bool? {
    var elements = JSONElements(of: text, arrayAt: start)
    guard let moment = elements.next() else { return start + 100 < text.count ? false : nil }
    guard moment.kind == .array else { return false }
    var parts = JSONElements(of: text, arrayAt: moment.range.lowerBound)
    guard parts.next()?.kind == .number, parts.next()?.kind == .object, parts.next() == nil else {
      return false
    }
    guard let record = elements.next() else { return elements.end == nil ? nil : false }
    return record.kind == .object
  }

  /// Whether an object, which may be truncated, is a cell of a result row.
  static func isCell(_ text: UnsafeBufferPointer<UInt8>, objectAt start: Int) -> Bool {
    let value = JSONScanner.Value(kind: .object, range: start..<text.count)
    var names = EventNameReader()
    let parts = EventParts(of: JSONRecord(text: text, value: value), names: &names)
    return parts.field != nil && parts.value != nil
  }

  /// Whether a record has a time and a text as its message.
  static func holdsMessage(_ record: JSONRecord) -> Bool {
    var names = EventNameReader()
    let parts = EventParts(of: record, names: &names)
    return parts.message?.isKind(.string) == true && parts.time != nil
  }

  /// Returns the time in a record.
  static func time(of record: JSONRecord) -> Int64? {
    var names = EventNameReader()
    return EventParts(of: record, names: &names).time?.timestamp
  }

  /// Whether a list contains texts: messages alone.
  static func isListOfTexts(_ record: JSONRecord) -> Bool {
    var elements = record.elements
    guard let first = elements.next() else { return false }
    return first.kind == .string && elements.next().map { $0.kind == .string } ?? true
      && record.text[record.value.end...].allSatisfy { $0 <= 0x20 }
  }
}
