/// The names of the log streams and groups, and what else the events of a stream have in common, by
/// `log_streams.id`, as cells.
final class StreamNames {
  private var streams: [Int64: Cell] = [:]
  private var groups: [Int64: Cell] = [:]
  private var logs: [Int64: Cell] = [:]
  private var attributes: [Int64: [String: Cell]] = [:]
  private let arena = TextArena()

  init(connection: Connection) throws(StoreError) {
    let statement = try connection.prepare(
      """
      SELECT s.id, s.name, g.name, ifnull(g.account, '000000000000') || ':' || g.name
      FROM main.log_streams AS s JOIN main.log_groups AS g ON g.id = s.log_group_id
      """)
    while try statement.step() {
      let id = statement.integer(at: 0)
      streams[id] = cell(of: statement, at: 1)
      groups[id] = cell(of: statement, at: 2)
      logs[id] = cell(of: statement, at: 3)
    }
    let others = try connection.prepare(
      """
      SELECT s.id, a.key, a.value FROM main.log_streams AS s, json_each(s.attributes) AS a
      WHERE s.attributes IS NOT NULL
      """)
    while try others.step() {
      attributes[others.integer(at: 0), default: [:]][others.text(at: 1)] = cell(of: others, at: 2)
    }
  }

  private func cell(of statement: Statement, at index: Int) -> Cell {
    statement.isNull(at: index) ? .null : arena.cell(copying: statement.bytes(at: index))
  }

  /// What `source` asks for: the name of the stream, of its group, or of the group with the account,
  /// or an attribute.
  func cell(_ source: FieldSource, ofStream id: Int64) -> Cell {
    switch source {
    case .logStream: streams[id] ?? .null
    case .logGroup: groups[id] ?? .null
    case .attribute(let name): attributes[id]?[name] ?? .null
    default: logs[id] ?? .null
    }
  }
}
