public import InsightsModel
internal import InsightsQuery
internal import InsightsText

extension Engine {
  /// The maximum number of fields per query; a row of SQLite has at most 2,000 columns.
  private static let fieldsPerQuery = 500

  /// Returns the event that a pointer identifies, as a row of all its fields; `nil` if this store
  /// does not contain it.
  ///
  /// - Throws: `StoreError`.
  public func record(_ pointer: EventPointer) throws -> ResultTable? {
    // The fields of lines without keys are named by their positions.
    let discovered = catalog.discoveredFields.union(DelimitedFields.names).sorted()
      .filter { !$0.contains("`") }
    let names = Relation.events.columns.map(\.name) + discovered
    var options = Binder.Options()
    if let time = pointer.timestamp { options.timeRange = TimeRange(start: time, end: time + 1) }
    var record = ResultTable(columns: [], rows: [[]])
    for start in stride(from: 0, to: names.count, by: Self.fieldsPerQuery) {
      let fields = names[start..<min(start + Self.fieldsPerQuery, names.count)]
        .map { "`\($0)`" }.joined(separator: ", ")
      let query = SourceText(
        "filter @ptr = \"\(pointer.text)\" | display \(fields)", name: "record")
      let table = try answer(query, options: options).table
      guard let row = table.rows.first else { return nil }
      for (column, value) in zip(table.columns, row) where value != .null {
        record.columns.append(column)
        record.rows[0].append(value)
      }
    }
    return record
  }
}
