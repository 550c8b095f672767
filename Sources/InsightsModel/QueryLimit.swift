/// A limit of a query that was reached, and by what.
public enum QueryLimit: Equatable, Sendable {
  /// A function of the language would return a larger value.
  case valueBytes(function: String, limit: Int)
  /// A command would generate more rows; `count` is their number, if known in advance.
  case rows(command: String, limit: Int, count: Int64?)
  /// The regexes of the query would take more steps, over all events.
  case steps(limit: Int)
  /// The statement exceeds a limit of SQLite; `reason` is SQLite's message.
  case statement(reason: String)
  /// The rows of the result would need more memory, in bytes.
  case resultBytes(limit: Int)
}
