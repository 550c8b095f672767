public import InsightsModel
internal import InsightsSQLite
internal import InsightsText

extension Store {
  /// Returns a text that changes whenever events, log groups, log streams or their properties
  /// change.
  ///
  /// For a store on another machine, the text changes only with its events.
  public func contentVersion() throws(StoreError) -> String {
    if let remote { return try remote.state(connection.waiting.cancellation).contentVersion }
    let figures = try connection.prepare(
      """
      SELECT count(*), ifnull(max(id), 0), ifnull(sum(event_count), 0), ifnull(sum(text_bytes), 0)
      FROM main.segments
      """)
    guard try figures.step() else { return "" }
    var version = (0..<4).map { "\(figures.integer(at: $0))" }.joined(separator: " ")
    var names: [UInt8] = []
    let streams = try connection.prepare(
      """
      SELECT ifnull(s.id, 0), g.account, g.name, s.name, g.created_ms, g.properties, s.created_ms
      FROM main.log_groups AS g LEFT JOIN main.log_streams AS s ON g.id = s.log_group_id
      ORDER BY g.id, s.id
      """)
    while try streams.step() {
      names.append(contentsOf: "\(streams.integer(at: 0))".utf8)
      for index in 1...6 {
        names.append(0)
        names.append(contentsOf: (streams.optionalText(at: index) ?? "\0").utf8)
      }
    }
    var digest: [UInt8] = []
    Hexadecimal.append(SHA256.digest(of: names), to: &digest)
    version += " " + String(decoding: digest, as: UTF8.self)
    return version
  }

  /// Returns the total size of all messages in bytes.
  public func messageByteCount() throws(StoreError) -> Int64 {
    if let remote { return try remote.messageByteCount(connection.waiting.cancellation) }
    let statement = try connection.prepare("SELECT ifnull(sum(text_bytes), 0) FROM main.segments")
    return try statement.step() ? statement.integer(at: 0) : 0
  }
}
