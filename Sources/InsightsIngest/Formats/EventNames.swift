internal import InsightsText

/// What a member of a JSON record, or a column of a table, tells of a log event.
enum EventPart: UInt8 {
  case time, message, group, stream, eventID, ingestionTime, account, region
  /// A message that is a line by its name, whatever else the record has.
  case rawMessage
  /// Loki's message; to others a number.
  case line
  /// `123456789012:/aws/lambda/orders`, the account and the group in one.
  case log
  /// The severity of an application's own record.
  case level
  /// A request id: known, and in the message as well.
  case requestID
  /// Says nothing of the event that would be missed.
  case neutral

  // What holds events or tells of them, one level further down.
  case events, labels, values, attributes, source, data, kinesis, session, tail, type, record
  case field, value, messageType
}

/// The names under which tools and SDKs write the parts of a log event, in one table.
///
/// A name stands for all its spellings: `logStreamName`, `LogStreamName`, `log_stream_name`,
/// `LOG-STREAM-NAME` and `@logStreamName` are one, as only letters and digits count, in any case.
enum EventNames {
  /// What a name means.
  struct Meaning {
    var part: EventPart
    /// Of several members that tell the same, the lowest counts.
    var rank: UInt8
    /// Whether only records about log events have it: an application's own have times and messages too.
    var isMark = false
  }

  private static let table: [(part: EventPart, isMark: Bool, names: [StaticString])] = [
    (.time, true, ["realtimetimestamp"]),
    (
      .time, false,
      [
        "timestamp", "time", "date", "datetime", "ts", "eventtime", "eventtimestamp", "logtime",
        "timestampms", "timestampmillis", "timemillis", "epochmillis", "t",
      ]
    ),
    (.message, false, ["message", "msg", "logmessage", "content"]),
    (.rawMessage, false, ["log", "raw"]),
    (.line, false, ["line", "logline"]),
    (
      .group, true,
      [
        "loggroup", "loggroupname", "loggroupidentifier", "loggrouparn", "cloudwatchloggroup",
        "awscloudwatchloggroup", "awsloggroup", "awsloggroupnames",
      ]
    ),
    (
      .stream, true,
      [
        "logstream", "logstreamname", "cloudwatchlogstream", "awscloudwatchlogstream",
        "awslogstream", "awslogstreamnames",
      ]
    ),
    (.eventID, true, ["eventid", "logeventid"]),
    (.eventID, false, ["id"]),
    (.ingestionTime, true, ["ingestiontime", "ingestiontimestamp"]),
    (
      .account, false,
      ["owner", "accountid", "awsaccountid", "account", "awsaccount", "awscloudwatchowner"]
    ),
    (.region, false, ["region", "awsregion"]),
    (
      .level, false,
      ["level", "severity", "loglevel", "levelname", "lvl", "severitytext", "logger", "loggername"]
    ),
    (.requestID, false, ["requestid", "awsrequestid", "functionrequestid"]),
    (
      .neutral, false,
      [
        "ptr", "index", "create", "score", "searchedlogstreams", "nexttoken", "sequencenumber",
        "partitionkey",
        "nextforwardtoken", "nextbackwardtoken", "responsemetadata", "resultmetadata", "metadata",
        "statistics", "status", "querylanguage", "encryptionkey", "took", "timedout", "shards",
        "approximatearrivaltimestamp", "recordid", "encryptiontype", "kinesisrecordmetadata",
      ]
    ),
    (.events, false, ["logevents", "sessionresults", "events", "results", "rows", "hits"]),
    (.labels, false, ["labels", "stream"]),
    (.values, false, ["values"]),
    (.attributes, false, ["extractedfields"]),
    (.source, false, ["source", "result"]),
    (.data, false, ["data"]),
    (.kinesis, false, ["kinesis", "awslogs"]),
    (.session, false, ["sessionupdate", "sessionstart"]),
    (.tail, false, ["logresult"]),
    (.type, false, ["type"]),
    (.record, false, ["record"]),
    (.field, false, ["field"]),
    (.value, false, ["value"]),
    (.messageType, false, ["messagetype"]),
  ]

  private static let meanings: [UInt64: Meaning] = {
    var meanings: [UInt64: Meaning] = [:]
    for entry in table {
      for (rank, name) in entry.names.enumerated() {
        let bytes = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        meanings[key(of: bytes)] = Meaning(
          part: entry.part, rank: UInt8(rank), isMark: entry.isMark)
      }
    }
    return meanings
  }()

  /// What a name means; `nil` for one that is no part of a log event.
  static func meaning(of name: UnsafeBufferPointer<UInt8>) -> Meaning? {
    // A group with its account, while `log` alone is a line.
    if name.count == 4, name.holds("@log", at: 0) {
      return Meaning(part: .log, rank: 0, isMark: true)
    }
    guard name.count <= 40, var meaning = meanings[key(of: name)] else { return nil }
    // A message by the language's own definition.
    if name.count == 8, name.holds("@message", at: 0) { meaning.isMark = true }
    return meaning
  }

  /// CloudWatch's system fields that only the carrier of an event can tell.
  private static let attributes: [StaticString] = [
    "@aws.account", "@aws.region", "@source.log", "@data_source_name", "@data_source_type",
    "@data_format", "@entity.KeyAttributes.Name", "@entity.KeyAttributes.Type",
    "@entity.KeyAttributes.Environment",
  ]

  /// The system field that a name is, of those that only the carrier of an event can tell.
  static func attribute(_ name: UnsafeBufferPointer<UInt8>) -> StaticString? {
    guard name.first == UInt8(ascii: "@") else { return nil }
    return attributes.first { $0.utf8CodeUnitCount == name.count && name.holds($0, at: 0) }
  }

  /// The hash (FNV-1a) of a name's letters and digits, in lower case.
  private static func key(of name: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name {
      let letter = byte | 0x20
      guard letter &- UInt8(ascii: "a") < 26 || byte &- 48 < 10 else { continue }
      hash = (hash ^ UInt64(letter)) &* 0x100_0000_01B3
    }
    return hash
  }
}

/// Looks names up that come in the same order from record to record.
struct EventNameReader {
  /// The names of the last record, one after the other, and their meanings.
  private var bytes: [UInt8] = []
  private var entries: [(range: Range<Int>, meaning: EventNames.Meaning?)] = []
  /// More members than this are looked up by hash alone.
  private static let limit = 32

  /// What the name at a position of its record means.
  mutating func meaning(
    of name: UnsafeBufferPointer<UInt8>, at position: Int
  ) -> EventNames.Meaning? {
    if position < entries.count {
      let entry = entries[position]
      let isSame = bytes.withUnsafeBufferPointer { $0.holds(name, in: entry.range) }
      if isSame { return entry.meaning }
      entries.removeSubrange(position...)
      bytes.removeSubrange(entry.range.lowerBound...)
    }
    let meaning = EventNames.meaning(of: name)
    if position == entries.count, position < Self.limit {
      let start = bytes.count
      bytes.append(contentsOf: name)
      entries.append((start..<bytes.count, meaning))
    }
    return meaning
  }
}
