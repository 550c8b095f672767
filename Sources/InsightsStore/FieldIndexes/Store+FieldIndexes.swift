public import InsightsModel

extension Store {
  /// The field indexes: the field of each, the segments that it knows, and the bytes it takes.
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

  /// Indexes fields: what is stored, and what comes later.
  ///
  /// `progress` is called after each segment, with the bytes and the events of all so far.
  ///
  /// - Throws: `StoreError`; one that is stopped keeps what it has made.
  public func addFieldIndexes(
    of fields: [String], progress: ((_ bytes: Int, _ events: Int) -> Void)? = nil
  ) throws {
    let table = FieldIndexTable(connection: connection)
    try table.add(fields)
    try table.update(mayStop: true, progress: progress)
  }

  /// Removes the indexes of fields, as far as there are any.
  ///
  /// - Throws: `StoreError`.
  public func removeFieldIndexes(of fields: [String]) throws {
    try FieldIndexTable(connection: connection).remove(fields)
  }
}
