/// The public columns of a table of facts, which were derived from events.
///
/// This is the only list of them: it determines the relations of queries, the columns of exports,
/// and the tables of other databases. Scripts may rely on the columns.
public struct FactTable: Sendable {
  /// A column, in the order of the table.
  public struct Column: Sendable {
    /// The type of the values that are not missing.
    public enum Kind: String, Sendable {
      case integer = "INTEGER"
      case real = "REAL"
      case text = "TEXT"
    }

    /// The name of the column.
    public let name: String
    /// The type of its values.
    public let kind: Kind

    init(_ name: String, _ kind: Kind) {
      self.name = name
      self.kind = kind
    }
  }

  /// The name of the table.
  public let name: String
  /// The columns, without the id of the row.
  public let columns: [Column]
  /// The column with the time of a row in epoch milliseconds.
  public let time: String

  /// The invocations of functions.
  public static let invocations = FactTable(
    name: "invocations",
    columns: [
      Column("request_id", .text), Column("log_group", .text), Column("log_stream", .text),
      Column("attempt", .integer), Column("version", .text), Column("start_ms", .integer),
      Column("end_ms", .integer), Column("duration_ms", .real), Column("billed_ms", .integer),
      Column("memory_mb", .integer), Column("max_memory_mb", .integer), Column("init_ms", .real),
      Column("restore_ms", .real), Column("billed_restore_ms", .integer), Column("status", .text),
      Column("error_type", .text), Column("cold_start", .integer), Column("timed_out", .integer),
      Column("oom", .integer), Column("xray_trace_id", .text),
    ], time: "start_ms")

  /// The errors of functions, the platform and gateways.
  public static let errors = FactTable(
    name: "errors",
    columns: [
      Column("timestamp_ms", .integer), Column("log_group", .text), Column("log_stream", .text),
      Column("request_id", .text), Column("kind", .text), Column("runtime", .text),
      Column("type", .text), Column("message", .text), Column("top_frame", .text),
      Column("fingerprint", .text), Column("http_status", .integer),
      Column("gateway_request_id", .text), Column("traceback", .text),
    ], time: "timestamp_ms")

  /// The columns of `frames`, without the error that a frame belongs to and its position in it,
  /// which is 0 for the innermost.
  public static let frameColumns = [
    Column("file", .text), Column("line", .integer), Column("function", .text),
    Column("code", .text),
  ]
}
