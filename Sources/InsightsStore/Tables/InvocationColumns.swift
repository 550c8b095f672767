/// SQL expressions for the values of an invocation.
///
/// They refer to a row `r` of `invocation_rows` and its group `i`.
enum InvocationColumns {
  /// The join that adds the group of a row.
  static let groups = "invocation_groups AS i ON i.id = r.group_id"

  /// Epoch milliseconds; NULL if the log has no times.
  static let start = "i.base_ms + r.start_ms"
  /// Epoch milliseconds; NULL without a REPORT, or without times.
  static let end = """
    r.end_ms + ifnull(i.base_ms + r.start_ms
        + CASE typeof(r.duration) WHEN 'integer' THEN r.duration / 1000 ELSE 0 END, 0)
    """

  /// Returns an expression over the columns of `invocation_details`; `schema` is its schema, with a
  /// full stop.
  static func detail(_ expression: String, in schema: String = "main.") -> String {
    "CASE WHEN r.outcome & 32 THEN \(selection(of: expression, in: schema)) END"
  }

  /// Returns the billed duration in milliseconds; NULL if it is unknown.
  static func billed(in schema: String = "main.") -> String {
    """
    CASE WHEN r.outcome & 64 THEN \(selection(of: "billed_ms", in: schema))
        WHEN typeof(r.duration) = 'integer' THEN (r.duration + 999) / 1000 END
    """
  }

  private static func selection(of expression: String, in schema: String) -> String {
    "(SELECT \(expression) FROM \(schema)invocation_details AS d WHERE d.id = r.id)"
  }

  /// Returns a stored duration in milliseconds; `duration` is evaluated twice.
  static func milliseconds(_ duration: String) -> String {
    "CASE typeof(\(duration)) WHEN 'integer' THEN \(duration) / 1000.0 ELSE \(duration) END"
  }

  /// Computes the billed milliseconds of a duration in microseconds, like `billed`.
  static func billedMilliseconds(ofMicroseconds duration: Int64) -> Int64 {
    (duration &+ 999) / 1000
  }
}
