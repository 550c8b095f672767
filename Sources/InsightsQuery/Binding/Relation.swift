internal import InsightsModel

/// A source of rows for queries: the raw events, or a table of derived records.
public struct Relation: Hashable, Sendable {
  /// The name in plans and SQL: `events`, `invocations`, `errors`, or that of a lookup table.
  public let name: String
  /// The fields that every row may have.
  public let columns: [PlanColumn]
  /// Whether any other name is a discovered field of the rows.
  public let hasDiscoveredFields: Bool
  /// The fields of the result if the query names none.
  public let defaultFields: [String]
  /// Columns that order rows with equal sort keys.
  public let tieBreakers: [PlanColumn]

  /// Compares by name.
  public static func == (left: Relation, right: Relation) -> Bool { left.name == right.name }
  /// Hashes the name.
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }

  /// Returns the relation with a name, ignoring case.
  static func named(_ name: String) -> Relation? {
    all.first { $0.name == name.lowercased() }
  }

  /// The relations that `FROM` and `SOURCE` may name.
  public static let all = [events, invocations, errors]

  /// Returns the relation of a lookup table.
  static func lookupTable(named name: String, columns: [String]) -> Relation {
    Relation(
      name: LookupTable.relationPrefix + name, columns: columns.map { PlanColumn($0, .text) },
      hasDiscoveredFields: false, defaultFields: columns, tieBreakers: [rowColumn])
  }

  static let rowColumn = PlanColumn(LookupTable.rowColumn, .number)

  /// The raw log events with CloudWatch's system fields; memory is in decimal bytes, durations in
  /// milliseconds.
  public static let events = Relation(
    name: "events",
    columns: SystemField.listed.map { PlanColumn($0) },
    hasDiscoveredFields: true,
    defaultFields: ["@timestamp", "@message"],
    tieBreakers: [PlanColumn(.eventID), PlanColumn(.position)])

  /// One row per invocation; a local extension.
  public static let invocations = Relation(
    name: "invocations",
    columns: shared + [
      PlanColumn("request_id", .text), PlanColumn("log_group", .text),
      PlanColumn("log_stream", .text), PlanColumn("attempt", .number),
      PlanColumn("version", .text), PlanColumn("start_ms", .number), PlanColumn("end_ms", .number),
      PlanColumn("duration_ms", .number), PlanColumn("billed_ms", .number),
      PlanColumn("memory_mb", .number), PlanColumn("max_memory_mb", .number),
      PlanColumn("init_ms", .number), PlanColumn("restore_ms", .number),
      PlanColumn("billed_restore_ms", .number), PlanColumn("status", .text),
      PlanColumn("error_type", .text), PlanColumn("cold_start", .number),
      PlanColumn("timed_out", .number), PlanColumn("oom", .number),
      PlanColumn("xray_trace_id", .text), PlanColumn("id", .number),
    ],
    hasDiscoveredFields: false,
    defaultFields: [
      "@timestamp", "@requestId", "@log", "status", "duration_ms", "memory_mb", "max_memory_mb",
      "init_ms", "error_type",
    ],
    // Ids depend on the order of ingest.
    tieBreakers: [
      PlanColumn("start_ms", .number), PlanColumn("request_id", .text), PlanColumn("id", .number),
    ])

  /// One row per error; a local extension.
  public static let errors = Relation(
    name: "errors",
    columns: shared + [
      PlanColumn("timestamp_ms", .number), PlanColumn("log_group", .text),
      PlanColumn("log_stream", .text), PlanColumn("request_id", .text), PlanColumn("kind", .text),
      PlanColumn("runtime", .text), PlanColumn("type", .text), PlanColumn("message", .text),
      PlanColumn("top_frame", .text), PlanColumn("fingerprint", .text),
      PlanColumn("http_status", .number), PlanColumn("gateway_request_id", .text),
      PlanColumn("traceback", .text), PlanColumn("id", .number),
    ],
    hasDiscoveredFields: false,
    defaultFields: [
      "@timestamp", "@requestId", "@log", "kind", "type", "message", "top_frame",
    ],
    tieBreakers: [
      PlanColumn("timestamp_ms", .number), PlanColumn("request_id", .text),
      PlanColumn("id", .number),
    ])

  /// The system fields that the derived tables share with events.
  private static let shared = [SystemField.timestamp, .requestID, .log, .logStream]
    .map { PlanColumn($0) }

  /// The column of every relation with the name of the log group, for `--log-group` and SOURCE.
  public static let logGroupColumn = SystemField.logGroup.rawValue

  func column(named name: String) -> PlanColumn? {
    columns.first { $0.name == name }
  }
}
