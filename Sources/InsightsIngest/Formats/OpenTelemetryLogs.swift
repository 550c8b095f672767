internal import InsightsText

/// Log records in requests of OpenTelemetry's protocol as JSON, `resourceLogs`.
///
/// Each request contains resources with scopes and their records. The message is a record's body.
/// If an application has added its own attributes, the message is an object of these and the body,
/// with the names that CloudWatch's own endpoint for the protocol uses.
enum OpenTelemetryLogs {
  /// Returns a member that exporters write in camel case or in snake case.
  private static func member(
    _ record: JSONRecord, _ camel: StaticString, _ snake: StaticString
  ) -> JSONRecord? {
    record[camel] ?? record[snake]
  }

  /// Appends the records in the value of `resourceLogs`.
  static func append(_ resources: JSONRecord, to batch: inout LogEventBatch) {
    forEach(in: resources) { resource in
      var place = EventParts()
      if let attributes = resource["resource"]?["attributes"] { read(attributes, into: &place) }
      let scopes =
        member(resource, "scopeLogs", "scope_logs")
        ?? member(resource, "instrumentationLibraryLogs", "instrumentation_library_logs")
      forEach(in: scopes) { scope in
        forEach(in: member(scope, "logRecords", "log_records")) { record in
          append(record, at: place, to: &batch)
        }
      }
    }
  }

  private static func append(
    _ record: JSONRecord, at place: EventParts, to batch: inout LogEventBatch
  ) {
    var parts = place
    let isBare = record["attributes"].map { read($0, into: &parts) } ?? true
    var event = LogEventBatch.Event(message: 0..<0)
    event.timestamp =
      time(member(record, "timeUnixNano", "time_unix_nano"))
      ?? time(member(record, "observedTimeUnixNano", "observed_time_unix_nano"))
    event.stream = parts.streamIndex(in: &batch)
    if let id = parts.eventID { event.eventID = id.appendText(to: &batch) }
    let body = record["body"]
    if let text = body.flatMap({ member($0, "stringValue", "string_value") }),
      isBare || LambdaLine(text.bytes) != nil
    {
      event.message = text.appendText(to: &batch)
    } else if isBare, let body {
      event.message = batch.append(text: json(of: body))
    } else {
      event.message = batch.append(text: object(of: record))
    }
    batch.append(event)
  }

  /// Returns epoch nanoseconds in milliseconds; 0 means an unknown time.
  private static func time(_ value: JSONRecord?) -> Int64? {
    value?.timestamp.flatMap { $0 == 0 ? nil : $0 }
  }

  // MARK: Attributes

  /// Prefixes of attributes that exporters add to everything they carry.
  private static let carriers: [StaticString] = [
    "aws.", "cloud.", "cloudwatch.", "container.", "faas.", "host.", "k8s.", "log.", "os.",
    "process.", "service.", "telemetry.",
  ]

  /// Reads the attributes of an event; returns whether all of them were the carrier's.
  @discardableResult
  private static func read(_ attributes: JSONRecord, into parts: inout EventParts) -> Bool {
    var areCarriers = true
    forEach(in: attributes) { attribute in
      guard let name = attribute["key"]?.name, let value = attribute["value"] else { return }
      let isCarriers =
        carriers.contains { name.holds($0, at: 0) } || name.elementsEqual("id".utf8)
        || name.elementsEqual("type".utf8)
      areCarriers = areCarriers && isCarriers
      guard let text = text(of: value) else { return }
      // By OpenTelemetry's conventions an instance of a function is its log stream.
      if name.elementsEqual("faas.instance".utf8) {
        parts.stream = parts.stream ?? text.name
        return
      }
      guard let meaning = EventNames.meaning(of: name) else { return }
      switch meaning.part {
      case .group, .stream, .account, .region, .eventID:
        parts.take(text, as: meaning, called: name)
      default: break
      }
    }
    return areCarriers
  }

  /// Returns the text of a value, or of the first in a list.
  private static func text(of value: JSONRecord) -> JSONRecord? {
    if let text = member(value, "stringValue", "string_value") { return text }
    guard let list = member(value, "arrayValue", "array_value")?["values"] else { return nil }
    var elements = list.elements
    return elements.next().flatMap { text(of: JSONRecord(text: list.text, value: $0)) }
  }

  // MARK: Values

  /// Returns a record as the object that CloudWatch's endpoint makes of it.
  private static func object(of record: JSONRecord) -> [UInt8] {
    var text: [UInt8] = [UInt8(ascii: "{")]
    func add(_ name: StaticString, _ value: some Sequence<UInt8>) {
      if text.count > 1 { text.append(UInt8(ascii: ",")) }
      text.append(contentsOf: "\"\(name)\":".utf8)
      text.append(contentsOf: value)
    }
    for (camel, snake) in [
      ("timeUnixNano", "time_unix_nano"), ("observedTimeUnixNano", "observed_time_unix_nano"),
      ("severityNumber", "severity_number"), ("severityText", "severity_text"),
      ("traceId", "trace_id"), ("spanId", "span_id"),
    ] as [(StaticString, StaticString)] {
      guard let value = member(record, camel, snake), !value.isKind(.string) || value.name != nil
      else { continue }
      add(camel, written(value))
    }
    if let body = record["body"] { add("body", json(of: body)) }
    if let attributes = record["attributes"] {
      add("attributes", members(of: attributes, depth: 0))
    }
    text.append(UInt8(ascii: "}"))
    return text
  }

  /// Converts a value of the protocol to a JSON value.
  private static func json(of value: JSONRecord, depth: Int = 0) -> [UInt8] {
    if let text = member(value, "stringValue", "string_value") { return written(text) }
    if let number = member(value, "intValue", "int_value")
      ?? member(value, "doubleValue", "double_value") ?? member(value, "boolValue", "bool_value")
    {
      // In the protocol's JSON, 64-bit integers are texts, and so are numbers that JSON lacks.
      let isNumber =
        number.isKind(.string) ? NumericText.number(number.bytes) != nil : !number.isKind(.null)
      return isNumber ? Array(number.bytes) : written(number)
    }
    if let bytes = member(value, "bytesValue", "bytes_value") { return written(bytes) }
    if let list = member(value, "arrayValue", "array_value"), depth < 32 {
      var text: [UInt8] = [UInt8(ascii: "[")]
      forEach(in: list["values"]) { element in
        if text.count > 1 { text.append(UInt8(ascii: ",")) }
        text.append(contentsOf: json(of: element, depth: depth + 1))
      }
      return text + [UInt8(ascii: "]")]
    }
    if let map = member(value, "kvlistValue", "kvlist_value"), depth < 32 {
      return members(of: map["values"], depth: depth + 1)
    }
    return Array("null".utf8)
  }

  /// Converts a list of keys and values to an object.
  private static func members(of list: JSONRecord?, depth: Int) -> [UInt8] {
    var text: [UInt8] = [UInt8(ascii: "{")]
    forEach(in: list) { member in
      guard let key = member["key"], let value = member["value"] else { return }
      if text.count > 1 { text.append(UInt8(ascii: ",")) }
      text.append(contentsOf: written(key))
      text.append(UInt8(ascii: ":"))
      text.append(contentsOf: json(of: value, depth: depth))
    }
    return text + [UInt8(ascii: "}")]
  }

  /// Returns a value as written, a string with its quotes.
  private static func written(_ value: JSONRecord) -> [UInt8] {
    let quotes = value.isKind(.string) ? [UInt8(ascii: "\"")] : []
    return quotes + value.bytes + quotes
  }

  private static func forEach(in list: JSONRecord?, _ body: (JSONRecord) -> Void) {
    guard let list else { return }
    var elements = list.elements
    while let element = elements.next() { body(JSONRecord(text: list.text, value: element)) }
  }
}
