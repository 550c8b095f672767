internal import InsightsModel
internal import InsightsStore

/// The table `events`: the raw events, one per row.
///
/// A missing value is the empty text, or `ClickHouseSchema.missingTime` for a time. `number` and
/// `chain` identify events, see `EventIdentity`.
public enum EventsTable {
  typealias Column = ClickHouseTable.Column

  public static let table = ClickHouseTable(
    name: "events",
    columns: [
      Column("account", "LowCardinality(String)", "twelve digits"),
      Column("log_group", "LowCardinality(String)"),
      Column("log_stream", "LowCardinality(String)"),
      Column(
        "attributes", "LowCardinality(String)", "system fields that only the carrier tells, JSON"),
      Column(
        "timestamp_ms", "Int64", codec: "DoubleDelta, ZSTD(1)",
        "epoch milliseconds, -9223372036854775808 for none"),
      Column("event_id", "String", codec: "ZSTD(1)"),
      Column(
        "position", "Int64", codec: "DoubleDelta, ZSTD(1)", "in the order of input, see @ptr"),
      Column("ingestion_time_ms", "Int64", codec: "DoubleDelta, ZSTD(1)", "as timestamp_ms"),
      Column("type", "LowCardinality(String)", "START, END or REPORT"),
      Column("request_id", "String", codec: "ZSTD(1)"),
      Column("duration", "Nullable(Float64)", codec: "ZSTD(1)", "milliseconds, as init_duration"),
      Column("billed_duration", "Nullable(Int64)", codec: "ZSTD(1)", "milliseconds"),
      Column("memory_size", "Nullable(Int64)", codec: "ZSTD(1)", "bytes"),
      Column("max_memory_used", "Nullable(Int64)", codec: "ZSTD(1)", "bytes"),
      Column("init_duration", "Nullable(Float64)", codec: "ZSTD(1)"),
      Column("xray_trace_id", "String", codec: "ZSTD(1)"),
      Column("xray_segment_id", "String", codec: "ZSTD(1)"),
      Column("is_fact", "UInt8", codec: "ZSTD(1)", "1: invocations or errors are derived from it"),
      Column("ingest", "UInt64", codec: "ZSTD(1)", "the run that stored it"),
      Column("source", "UInt64", codec: "ZSTD(1)", "the input that it came with"),
      Column(
        "number", "UInt32", codec: "ZSTD(1)", "of the event among equal ones, or of its source"),
      Column(
        "chain", "UInt64", codec: "ZSTD(1)", "hash of the events of its source so far, or 0"),
      Column("message", "String", codec: "ZSTD(1)"),
      Column(
        "fields", "Map(LowCardinality(String), String)", codec: "ZSTD(1)",
        "n and a number, or t and a text"),
    ],
    indexes: [
      "words message TYPE tokenbf_v1(32768, 3, 0) GRANULARITY 1",
      "requests request_id TYPE bloom_filter(0.01) GRANULARITY 1",
      "field_names mapKeys(fields) TYPE bloom_filter(0.01) GRANULARITY 1",
    ],
    partition: ClickHouseTable.day("timestamp_ms"),
    order:
      "(log_group, intDiv(timestamp_ms, 3600000), log_stream, timestamp_ms, event_id, position)",
    settings: [
      "non_replicated_deduplication_window = 1000", "map_serialization_version = 'with_buckets'",
      "map_buckets_min_avg_size = 0", "map_buckets_strategy = 'constant'",
      "max_buckets_in_map = 16",
    ])

  /// The columns of system fields of events that are stored in their displayed form.
  ///
  /// A missing time is `ClickHouseSchema.missingTime`; a missing text is empty.
  public static let columnsOfFields = Dictionary(
    uniqueKeysWithValues: SystemField.allCases.filter(\.isStored).map { ($0.rawValue, $0.column) })
}

extension ClickHouseTable {
  /// Returns a partition expression: the day of a column of epoch milliseconds.
  static func day(_ column: String) -> String {
    "toDate(fromUnixTimestamp64Milli(\(column), 'UTC'))"
  }
}
