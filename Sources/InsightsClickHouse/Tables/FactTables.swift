internal import InsightsStore

/// The tables `invocations` and `errors`, with the same columns as in every store.
///
/// A missing value is NULL, except that a missing log group or stream is the empty text. A row is
/// identified by its stream and its `id`, a hash of all its values.
enum FactTables {
  static let invocations = table(.invocations)

  /// The errors; their frames are arrays in the row.
  static let errors = table(
    .errors,
    FactTable.frameColumns.map { column in
      ClickHouseTable.Column("frame_\(column.name)", "Array(\(type(of: column)))")
    })

  /// The columns of a row in addition to those of `FactTable`.
  static let ownColumns = [
    ClickHouseTable.Column("id", "UInt64", codec: "ZSTD(1)", "a hash of the row"),
    ClickHouseTable.Column("account", "LowCardinality(String)", "twelve digits"),
    ClickHouseTable.Column("attributes", "LowCardinality(String)", "of the stream, JSON"),
    ClickHouseTable.Column(
      "number", "UInt64", codec: "DoubleDelta, ZSTD(1)", "in the order of the stream"),
    ClickHouseTable.Column("ingest", "UInt64", codec: "ZSTD(1)", "the run that stored it"),
  ]

  private static let names: Set = ["log_group", "log_stream"]
  /// The columns with few distinct values.
  private static let words: Set = ["status", "kind", "runtime", "version", "error_type", "type"]

  private static func type(of column: FactTable.Column) -> String {
    if names.contains(column.name) { return "LowCardinality(String)" }
    switch column.kind {
    case .integer: return "Nullable(Int64)"
    case .real: return "Nullable(Float64)"
    case .text:
      return words.contains(column.name)
        ? "LowCardinality(Nullable(String))" : "Nullable(String)"
    }
  }

  private static func table(
    _ facts: FactTable, _ more: [ClickHouseTable.Column] = []
  ) -> ClickHouseTable {
    let time = "ifNull(\(facts.time), 0)"
    return ClickHouseTable(
      name: facts.name,
      columns: ownColumns
        + facts.columns.map { column in
          let type = type(of: column)
          return ClickHouseTable.Column(
            column.name, type, codec: type.hasPrefix("LowCardinality") ? "" : "ZSTD(1)")
        } + more,
      indexes: ["requests request_id TYPE bloom_filter(0.01) GRANULARITY 1"],
      partition: ClickHouseTable.day(time),
      order: "(log_group, intDiv(\(time), 3600000), log_stream, \(time), number)",
      settings: ["non_replicated_deduplication_window = 1000"])
  }
}
