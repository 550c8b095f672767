internal import InsightsText

/// The meaning of a member of a JSON record, or of a table's column, for a log event.
enum EventPart: UInt8 {
  case time, message, group, stream, eventID, ingestionTime, account, region
  /// A message whose name means a raw line, regardless of the rest of the record.
  case rawMessage
  /// Loki's message; elsewhere a number.
  case line
  /// `123456789012:/aws/lambda/orders`, the account and the group.
  case log
  /// The severity in an application's own record.
  case level
  /// A request id, which the message contains as well.
  case requestID
  /// Information about a reply itself; applications' records may also contain it.
  case reply
  /// Known, and without information about the event.
  case neutral

  // Containers of events or of their properties, one level down.
  case events, labels, values, attributes, source, data, kinesis, session, tail, type, record
  case field, value, messageType
  /// A list that may contain events, depending on the other members or on its elements.
  case list
  /// An object with further properties of the enclosing event.
  case holder
  /// An object, or its text, that may be a document of logs inside the envelope of a transport.
  case payload
  /// A message in the records of OpenTelemetry's stores; elsewhere a payload.
  case body
  /// An application's record as text, beside lists of keys and values about it.
  case userData
  /// Splunk's name for a message, and a member of many loggers' records.
  case event
  /// The origin of an event; `sourcetype` and `source_type` are the kind of origin.
  case host, collector
  /// The names and the rows of a table.
  case columns, rows
  /// Requests of OpenTelemetry.
  case resourceLogs
}

/// The names that tools and SDKs use for the parts of a log event.
///
/// A name matches all its spellings: `logStreamName`, `LogStreamName`, `log_stream_name`,
/// `LOG-STREAM-NAME` and `@logStreamName` are equal, as only letters and digits are compared,
/// ignoring case.
enum EventNames {
  /// The meaning of a name.
  struct Meaning {
    var part: EventPart
    /// If several members have the same meaning, the one with the lowest rank is used.
    var rank: UInt8
    var evidence = Evidence.none
  }

  /// How strongly a name indicates a carrier rather than an application, whose records also have
  /// times and messages.
  enum Evidence: UInt8 {
    case none
    /// Only records about log events use it, except for loggers that include their group and
    /// stream.
    case mark
    /// No application uses it.
    case proof
  }

  private static let table: [(part: EventPart, evidence: Evidence, names: [StaticString])] = [
    (.time, .mark, ["realtimetimestamp"]),
    (
      .time, .none,
      [
        "timestamp", "time", "date", "datetime", "ts", "eventtime", "eventtimestamp", "logtime",
        "timestampms", "timestampmillis", "timemillis", "epochmillis", "t", "dt", "instant",
        "messagetimems", "messagetime", "generatedat", "receivedat", "loggedat", "timegenerated",
        "timereported", "timestamputc",
      ]
    ),
    (.message, .none, ["message", "msg", "logmessage", "content", "text", "m"]),
    // GELF, Google's log entries, Elastic's common schema.
    (.message, .proof, ["fullmessage", "shortmessage", "textpayload", "jsonpayload"]),
    (.rawMessage, .none, ["log", "raw"]),
    // LogScale.
    (.rawMessage, .proof, ["rawstring"]),
    (.line, .none, ["line", "logline"]),
    (
      .group, .mark,
      [
        "loggroup", "loggroupname", "loggroupidentifier", "loggrouparn", "cloudwatchloggroup",
        "cloudwatchloggroupname", "awsloggroup", "awsloggroupnames", "awsloggroupname",
        "awsloggrouparns",
      ]
    ),
    (.group, .proof, ["awscloudwatchloggroup"]),
    (
      .stream, .mark,
      [
        "logstream", "logstreamname", "cloudwatchlogstream", "cloudwatchlogstreamname",
        "awslogstream", "awslogstreamnames", "awslogstreamname", "awslogstreamarns",
      ]
    ),
    (.stream, .proof, ["awscloudwatchlogstream"]),
    (.eventID, .mark, ["eventid", "logeventid"]),
    (.eventID, .none, ["id"]),
    (.ingestionTime, .mark, ["ingestiontime", "ingestiontimestamp"]),
    (.ingestionTime, .proof, ["awscloudwatchingestiontime"]),
    (
      .account, .none,
      [
        "owner", "accountid", "awsaccountid", "account", "awsaccount", "awscloudwatchowner",
        "cloudaccountid",
      ]
    ),
    (.region, .none, ["region", "awsregion", "cloudregion"]),
    (
      .level, .none,
      ["level", "severity", "loglevel", "levelname", "lvl", "severitytext", "logger", "loggername"]
    ),
    (.requestID, .none, ["requestid", "awsrequestid", "functionrequestid"]),
    (
      .neutral, .none,
      [
        "ptr", "index", "create", "score", "searchedlogstreams", "nexttoken", "sequencenumber",
        "partitionkey",
        "nextforwardtoken", "nextbackwardtoken", "responsemetadata", "resultmetadata", "metadata",
        "statistics", "status", "querylanguage", "encryptionkey", "took", "timedout", "shards",
        "approximatearrivaltimestamp", "recordid", "encryptiontype", "kinesisrecordmetadata",
      ]
    ),
    // Splunk, Datadog, Mezmo, Google, New Relic, Graylog.
    (
      .neutral, .proof,
      ["ddsource", "ddtags", "lid", "insertid", "newrelicsource", "highlightranges"]
    ),
    // Honeycomb.
    (.neutral, .mark, ["samplerate"]),
    (
      .reply, .none,
      [
        "count", "total", "totalcount", "totalhits", "size", "length", "limit", "offset", "page",
        "pages", "pagesize", "perpage", "pagination", "paging", "hasmore", "more", "next",
        "previous", "nextpage", "cursor", "nextcursor", "continuation", "continuationtoken",
        "links", "query", "request", "filter", "start", "end", "from", "to", "starttime",
        "endtime", "success", "ok", "stats", "done", "complete", "truncated", "warnings",
        "maxid", "minid", "reachedbeginning", "reachedtimelimit", "reachedrecordlimit",
        "performancestats", "nextsharditerator", "millisbehindlatest", "records", "streams",
        "rawresponse",
      ]
    ),
    (.events, .none, ["logevents", "sessionresults", "events", "results", "hits"]),
    (.list, .none, ["entries", "logs", "logentries", "messages"]),
    (.labels, .none, ["labels", "stream", "fields"]),
    (.values, .none, ["values"]),
    (.attributes, .none, ["extractedfields"]),
    (.source, .none, ["source", "result", "map"]),
    (.payload, .none, ["detail", "requestpayload", "sns"]),
    (.body, .none, ["body"]),
    (.userData, .none, ["userdata"]),
    (.event, .none, ["event"]),
    (.host, .none, ["host"]),
    (.collector, .none, ["sourcetype"]),
    (.holder, .none, ["aws", "cloud", "common", "resource", "attributes"]),
    // Filebeat; OpenTelemetry's tables in ClickHouse, and SigNoz's.
    (
      .holder, .proof,
      [
        "awscloudwatch", "resourceattributes", "logattributes", "resourcesstring",
        "attributesstring",
      ]
    ),
    (.columns, .none, ["columns", "schema", "meta"]),
    (.rows, .none, ["rows", "datarows"]),
    (.resourceLogs, .proof, ["resourcelogs"]),
    (.data, .none, ["data", "rawdata"]),
    (.kinesis, .none, ["kinesis", "awslogs"]),
    (.session, .none, ["sessionupdate", "sessionstart"]),
    (.tail, .none, ["logresult"]),
    (.type, .none, ["type"]),
    (.record, .none, ["record"]),
    (.field, .none, ["field"]),
    (.value, .none, ["value"]),
    (.messageType, .none, ["messagetype"]),
  ]

  private static let meanings: [UInt64: Meaning] = {
    var meanings: [UInt64: Meaning] = [:]
    for entry in table {
      for (rank, name) in entry.names.enumerated() {
        let bytes = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        meanings[key(of: bytes)] = Meaning(
          part: entry.part, rank: UInt8(rank), evidence: entry.evidence)
      }
    }
    return meanings
  }()

  /// Returns the meaning of a name; `nil` if it is not part of a log event.
  static func meaning(of name: UnsafeBufferPointer<UInt8>) -> Meaning? {
    // A group with its account, while `log` alone is a line.
    if name.count == 4, name.holds("@log", at: 0) {
      return Meaning(part: .log, rank: 0, evidence: .mark)
    }
    guard name.count <= 40, var meaning = meanings[key(of: name)] else { return nil }
    // The message field of the query language.
    if name.count == 8, name.holds("@message", at: 0) { meaning.evidence = .mark }
    return meaning
  }

  /// CloudWatch's system fields that only the carrier of an event contains.
  private static let attributes: [StaticString] = [
    "@aws.account", "@aws.region", "@source.log", "@data_source_name", "@data_source_type",
    "@data_format", "@entity.KeyAttributes.Name", "@entity.KeyAttributes.Type",
    "@entity.KeyAttributes.Environment",
  ]

  /// Returns the system field with a name, if it is one that only the carrier of an event contains.
  static func attribute(_ name: UnsafeBufferPointer<UInt8>) -> StaticString? {
    guard name.first == UInt8(ascii: "@") else { return nil }
    return attributes.first { $0.utf8CodeUnitCount == name.count && name.holds($0, at: 0) }
  }

  /// Vector's names for the origin of events, unlike other programs' `source_type`.
  private static let collectors: [StaticString] = [
    "aws_cloudwatch_logs", "aws_kinesis_firehose", "aws_s3", "aws_sqs", "datadog_agent",
    "docker_logs", "exec", "file", "fluent", "gcp_pubsub", "heroku_logs", "http", "http_server",
    "journald", "kafka", "kubernetes_logs", "logstash", "nats", "opentelemetry", "redis", "socket",
    "splunk_hec", "stdin", "syslog", "vector",
  ]

  /// Whether a text is Vector's name for the origin of an event.
  static func isCollector(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    collectors.contains { $0.utf8CodeUnitCount == text.count && text.holds($0, at: 0) }
  }

  /// Returns the meaning of a member of an object with further properties of the enclosing event,
  /// by its name, or by its name and those of the enclosing objects, `key`.
  static func meaning(
    of name: UnsafeBufferPointer<UInt8>, in key: UInt64
  ) -> (meaning: Meaning?, key: UInt64) {
    let key = self.key(of: name, behind: key)
    return (meanings[key] ?? meaning(of: name), key)
  }

  /// Returns the hash (FNV-1a) of a name's letters and digits, in lower case, appended to other
  /// names.
  static func key(
    of name: UnsafeBufferPointer<UInt8>, behind others: UInt64 = 0xCBF2_9CE4_8422_2325
  ) -> UInt64 {
    var hash = others
    for byte in name {
      let letter = byte | 0x20
      guard letter &- UInt8(ascii: "a") < 26 || byte &- 48 < 10 else { continue }
      hash = (hash ^ UInt64(letter)) &* 0x100_0000_01B3
    }
    return hash
  }
}

/// Looks up names that have the same order in consecutive records.
struct EventNameReader {
  /// The names of the last record, concatenated, and their meanings.
  private var bytes: [UInt8] = []
  private var entries: [(range: Range<Int>, meaning: EventNames.Meaning?)] = []
  /// Members beyond this number are looked up only by hash.
  private static let limit = 32

  /// Returns the meaning of the name at a position of its record.
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
