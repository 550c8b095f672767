import InsightsModel
import InsightsOutput
import Testing

/// What the format called `name` writes for `table`.
func formatted(_ table: ResultTable, as name: String, terminal: Terminal = .none) throws -> String {
  let formatter = try #require(OutputFormatRegistry.formatter(named: name, for: terminal))
  var output = OutputBuffer()
  try formatter.write(table, to: &output)
  return String(decoding: output.bytes, as: UTF8.self)
}

/// What the format called `name` writes for several results.
func formatted(_ results: [NamedResult], as name: String, terminal: Terminal = .none) throws
  -> String
{
  let formatter = try #require(
    OutputFormatRegistry.formatter(named: name, for: terminal) as? any ResultCollectionFormatter)
  var output = OutputBuffer()
  try formatter.write(results, to: &output)
  return String(decoding: output.bytes, as: UTF8.self)
}

/// A table of one column and one row.
func cell(_ value: Value, _ type: ValueType, isComputed: Bool = false) -> ResultTable {
  ResultTable(
    columns: [ResultColumn(name: "x", type: type, isComputed: isComputed)], rows: [[value]])
}
