internal import InsightsScan
internal import InsightsSQLite
public import InsightsModel

extension Store {
  /// Returns the field indexes: the field of each, the number of indexed segments, and its size in
  /// bytes.
  public func fieldIndexes() throws(StoreError) -> ResultTable {
    let statement = try connection.prepare(
      """
      SELECT i.name, count(f.segment_id), ifnull(sum(length(f.data)), 0)
      FROM main.field_indexes AS i
        LEFT JOIN main.field_index_filters AS f ON f.field_index_id = i.id
      GROUP BY i.id ORDER BY i.name
      """)
    var table = ResultTable(columns: [
      ResultColumn(name: "field", type: .text), ResultColumn(name: "segments", type: .number),
      ResultColumn(name: "bytes", type: .number),
    ])
    while try statement.step() {
      table.rows.append((0..<3).map { statement.value(at: $0) })
    }
    return table
  }

  /// Indexes fields, both in existing and in future segments.
  ///
  /// `progress` is called after each segment, with the bytes and events processed so far.
  ///
  /// - Throws: `StoreError`; an interrupted call keeps the filters that it has built.
  public func addFieldIndexes(
    of fields: [String], progress: ((_ bytes: Int, _ events: Int) -> Void)? = nil
  ) throws {
    let table = FieldIndexTable(connection: connection)
    try table.add(fields)
    try table.update(mayStop: true, progress: progress)
  }

  /// Removes the indexes of fields, if they exist.
  ///
  /// - Throws: `StoreError`.
  public func removeFieldIndexes(of fields: [String]) throws {
    try FieldIndexTable(connection: connection).remove(fields)
  }
}
