internal import InsightsFunctions
import InsightsModel
import InsightsSQLite
import InsightsStore

/// A database in memory that knows the functions.
func functionDatabase(_ setup: String = "") throws -> Connection {
  let connection = try Connection(path: "", mode: .inMemory)
  try connection.registerFunctions()
  if !setup.isEmpty { try connection.execute(setup) }
  return connection
}

/// The value of an SQL expression, or of an aggregate over rows given as `VALUES`.
///
/// The columns of the rows are `a` and `b`.
func evaluate(_ expression: String, over rows: String? = nil) throws -> Value {
  let connection = try functionDatabase()
  let source = rows.map { " FROM (SELECT column1 AS a, column2 AS b FROM (VALUES \($0)))" } ?? ""
  let statement = try connection.prepare("SELECT " + expression + source)
  guard try statement.step() else { return .null }
  return switch statement.type(at: 0) {
  case .null: .null
  case .integer: .integer(statement.integer(at: 0))
  case .real: .real(statement.real(at: 0))
  case .text: .text(statement.text(at: 0))
  case .blob: .text("blob " + statement.text(at: 0))
  }
}
